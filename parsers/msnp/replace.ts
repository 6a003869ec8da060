/**
 * What a proxy puts in the place of a refused command (dossier msnp.md §9): nothing goes on, and the
 * sender gets what its own server would say, so that it knows, and its numbering is not disturbed.
 */
import { ascii } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement } from '../contract.ts';
import type { MsnpFlow } from './msnp-flow.ts';
import { word } from './verbs.ts';

const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array(0);
/** Towards a server: a transaction of the gateway's own, beyond what a client counts to. */
const TRANSACTION = 2_147_483_000;
const PLAIN =
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
  'X-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=0\r\n\r\n';
/** Under this name notices come. */
const GATEWAY = 'gateway';

export function replacement(
  flow: MsnpFlow,
  event: ImEvent,
  notice: string | undefined,
): Replacement | undefined {
  const { command, toServer } = flow;
  const { transaction } = command;
  switch (command.verb) {
    case word('MSG'):
      return toServer ? clientMessage(flow, event, notice) : serverMessage(flow, event, notice);
    case word('CAL'):
      // Not online: what servers say of who cannot be called.
      return toServer ? only('', error('217', transaction)) : undefined;
    case word('ADD'):
    case word('ADC'):
    case word('REM'):
      return only('', toServer ? error('201', transaction) : '');
    case word('ADL'):
      return only('', toServer ? error('241', transaction) : '');
    case word('RML'):
      return only('', toServer ? error('241', transaction) : '');
    case word('UUX'):
      return only('', transaction === undefined ? '' : `UUX ${transaction} 0\r\n`);
    case word('UUN'):
    case word('SDG'):
    case word('PUT'):
      return only('', toServer && transaction ? `${letters(flow)} ${transaction} OK\r\n` : '');
    case word('CHG'):
    case word('PRP'):
    case word('REA'):
      // The server would repeat it.
      return { forward: NOTHING, back: lineOf(flow) };
    case word('USR'):
      return toServer ? undefined : only(error('911', transaction), 'OUT\r\n');
    case word('RNG'):
    case word('NLN'):
    case word('ILN'):
    case word('FLN'):
    case word('UBX'):
    case word('UBM'):
    case word('UBN'):
    case word('UUM'):
    case word('NFY'):
    case word('LST'):
    case word('PAG'):
    case word('IPG'):
    case word('NOT'):
    case word('JOI'):
    case word('IRO'):
    case word('BYE'):
      return only('', '');
    default:
      return undefined;
  }
}

/** `NAK t` where the client asked for a word about it, the refusal of an offer, and the notice. */
function clientMessage(flow: MsnpFlow, event: ImEvent, notice: string | undefined): Replacement {
  const { command } = flow;
  const refusals = flow.speaking?.refusal(event) ?? [];
  const wantsWord = !command.isParam(1, 'U');
  // An offer that is declined in the other's name did arrive; a message that is not delivered did not.
  const word = refusals.length === 0 ? 'NAK' : command.isParam(1, 'N') ? '' : 'ACK';
  const number = command.transaction;
  const said = wantsWord && word !== '' && number !== undefined ? `${word} ${number}\r\n` : '';
  const parts = [ascii(said)];
  const peer = flow.participants.others[0] ?? flow.account ?? GATEWAY;
  for (const payload of refusals) parts.push(message(`MSG ${peer} ${peer}`, payload));
  if (notice !== undefined) parts.push(message(`MSG ${peer} ${GATEWAY}`, plain(notice)));
  return { forward: NOTHING, back: joined(parts) };
}

/** The client gets a notice at most; who offered something gets the refusal. */
function serverMessage(flow: MsnpFlow, event: ImEvent, notice: string | undefined): Replacement {
  const refusals = flow.speaking?.refusal(event) ?? [];
  const sender = event.from ?? GATEWAY;
  const back = refusals.map((payload, i) => message(`MSG ${TRANSACTION + i} U`, payload));
  const parts = notice === undefined ? [] : [message(`MSG ${sender} ${GATEWAY}`, plain(notice))];
  return { forward: joined(parts), back: joined(back) };
}

function message(line: string, payload: Uint8Array): Uint8Array {
  return joined([ENCODER.encode(`${line} ${payload.length}\r\n`), payload]);
}

function plain(text: string): Uint8Array {
  return ENCODER.encode(PLAIN + text);
}

function error(code: string, transaction: string | undefined): string {
  return transaction === undefined ? '' : `${code} ${transaction}\r\n`;
}

function letters({ command }: MsnpFlow): string {
  return String.fromCharCode(...command.buffer.subarray(command.start, command.start + 3));
}

function lineOf({ command }: MsnpFlow): Uint8Array {
  const line = command.buffer.slice(command.start, command.lineEnd);
  return joined([line, ascii('\r\n')]);
}

function only(forward: string, back: string): Replacement {
  return { forward: ENCODER.encode(forward), back: ENCODER.encode(back) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
