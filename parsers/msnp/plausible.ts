/** Whether a line is beyond doubt a command of its direction: where a stream is picked up in the middle. */
import type { MsnpCommand } from './command.ts';
import { payloadLength } from './payload-length.ts';
import { isErrorCode, mayBeSaid, verbOf, word } from './verbs.ts';

const SPACE = 0x20;
/** Words in one line that are read as commands, from its end: text about MSNP is not worth more. */
const TRIES = 8;
const MSG = word('MSG');
const PNG = word('PNG');
const OUT = word('OUT');
const BYE = word('BYE');
const JOI = word('JOI');
const FLN = word('FLN');
const NLN = word('NLN');
const UBX = word('UBX');
const UBM = word('UBM');
const UBN = word('UBN');
const RNG = word('RNG');
const LST = word('LST');
const LSG = word('LSG');
const BPR = word('BPR');
const PRP = word('PRP');
const BLP = word('BLP');
const GTC = word('GTC');
const NFY = word('NFY');
const NOT = word('NOT');
const GCF = word('GCF');
const IPG = word('IPG');

/** From the server, and without a transaction's number. */
const UNNUMBERED = new Set([LST, LSG, BPR, PRP, BLP, GTC, NFY, NOT, GCF, IPG]);

export function isPlausible(command: MsnpCommand, toServer: boolean): boolean {
  return !command.lowerCase && isCommandOf(command, toServer);
}

/** The same, in any case. */
export function isCommandOf(command: MsnpCommand, toServer: boolean): boolean {
  const { verb, count } = command;
  if (isErrorCode(verb)) return !toServer && count > 0 && count < 3 && command.decimal(0) >= 0;
  if (!mayBeSaid(verb, toServer) || payloadLength(command, toServer) < 0) return false;
  if (verb === OUT) return count < 2;
  if (toServer) {
    if (verb === PNG) return count === 0;
    if (verb === MSG) return count === 3 && command.decimal(0) >= 0 && isFlag(command);
    return command.decimal(0) >= 0;
  }
  if (verb === MSG) return count > 2 && (command.isAddress(0) || command.isParam(0, 'Hotmail'));
  if (verb === BYE || verb === JOI || verb === FLN || verb === UBX) return command.isAddress(0);
  if (verb === UBM || verb === UBN) return command.isAddress(0);
  if (verb === NLN) return count > 2 && command.isAddress(1);
  if (verb === RNG) return count > 4 && command.isAddress(4);
  return UNNUMBERED.has(verb) ? count > 0 : command.decimal(0) >= 0;
}

/**
 * Where in the line buffer[start, end) a command begins that is beyond doubt one: payloads have no line end
 * of their own, so that behind the rest of one the next command stands in the same line. Read into `command`;
 * -1 where there is none.
 */
export function commandWithin(
  command: MsnpCommand,
  buffer: Uint8Array,
  start: number,
  end: number,
  toServer: boolean,
): number {
  let tries = TRIES;
  for (let at = end - 4; at > start && tries > 0; at--) {
    if (buffer[at + 3] !== SPACE) continue;
    const verb = verbOf(buffer[at] ?? 0, buffer[at + 1] ?? 0, buffer[at + 2] ?? 0);
    if (!mayBeSaid(verb, toServer)) continue;
    tries -= 1;
    if (!command.read(buffer, at, end) || command.count < 2) continue;
    if (isPlausible(command, toServer)) return at;
  }
  return -1;
}

/** U, N, A or D: how a message is to be acknowledged. */
function isFlag(command: MsnpCommand): boolean {
  const at = command.paramStart(1);
  if (command.paramEnd(1) !== at + 1) return false;
  const flag = command.buffer[at];
  return flag === 0x55 || flag === 0x4e || flag === 0x41 || flag === 0x44;
}
