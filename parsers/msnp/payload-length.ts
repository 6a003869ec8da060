/** How many octets of payload a command line announces (dossier msnp.md §3). */
import type { MsnpCommand } from './command.ts';
import { hasPayload, isErrorCode, word } from './verbs.ts';

const MSG = word('MSG');
const NOT = word('NOT');
const IPG = word('IPG');

/** 0: none. -1: there must be one, and its length is no number. */
export function payloadLength(command: MsnpCommand, toServer: boolean): number {
  const { verb, count, last } = command;
  // Servers look at the case: `msg` has no payload for them, whatever they make of it.
  if (command.lowerCase) return 0;
  if (isErrorCode(verb)) {
    // 2xx and 5xx after ADL, RML and FQY: `241 TrID length`.
    const hundreds = verb >> 16;
    const mayCarry = hundreds === 0x32 || hundreds === 0x35;
    return !toServer && mayCarry && count > 1 ? Math.max(0, command.decimal(last)) : 0;
  }
  if (!hasPayload(verb, toServer)) return 0;
  const length = command.decimal(last);
  if (verb === NOT || verb === IPG) return count > 0 && length >= 0 ? length : -1;
  if (verb === MSG) return count > 2 && length >= 0 ? length : -1;
  if (count < 2) return 0;
  if (length >= 0) return length;
  // `ADL 7 OK`, `SDG 8 OK`: an answer. A client never answers.
  return toServer ? -1 : 0;
}
