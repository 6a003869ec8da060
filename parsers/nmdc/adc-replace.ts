/**
 * What a proxy puts in the place of a refused unit of ADC.
 *
 *   message of the client     nothing goes on; back, where there is a notice, `IMSG …`, or in the window of
 *                             the private talk a `DMSG` as of the other party
 *   message for the client    the notice goes on in its place, in the same form; nothing goes back
 *   request of a file         nothing goes on; back `CSTA 151 File\snot\savailable`
 *   anything else             nothing goes on, nothing goes back
 *
 * A grant that content follows has no replacement: the refusal is a reset.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { Direction, type Replacement, type Unit } from '../contract.ts';
import type { AdcFlow } from './adc-flow.ts';
import { adcWord } from './adc-line.ts';

const NOTHING = new Uint8Array(0);
const NO_FILE = new TextEncoder().encode('CSTA 151 File\\snot\\savailable\n');

export function replaceAdc(
  flow: AdcFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  if (unit.form === -1) return undefined;
  if (event.kind === 'file.offer') return { forward: NOTHING, back: NO_FILE };
  const told = notice === undefined || event.kind !== 'message' ? NOTHING : say(flow, unit, notice);
  return unit.direction === Direction.ToServer
    ? { forward: NOTHING, back: told }
    : { forward: told, back: NOTHING };
}

function say(flow: AdcFlow, unit: Unit, notice: string): Uint8Array {
  const toServer = unit.direction === Direction.ToServer;
  const own = toServer ? flow.saidBy : flow.saidTo;
  const peer = toServer ? flow.saidTo : flow.saidBy;
  const word = adcWord(notice);
  if (flow.role === 'peer') return new TextEncoder().encode(`CMSG ${word}\n`);
  const line =
    own !== '' && peer !== '' ? `DMSG ${peer} ${own} ${word} PM${peer}\n` : `IMSG ${word}\n`;
  return new TextEncoder().encode(line);
}
