/**
 * What a proxy puts in the place of a refused unit of NMDC.
 *
 *   message of the client      nothing goes on; back, where there is a notice, `<Hub-Security> notice|`,
 *                              or in the window of the private talk `$To: ann From: bob $<Hub-Security> …|`
 *   message for the client     the notice goes on in its place, in the same form; nothing goes back
 *   request of a file          nothing goes on; back `$Error File Not Available|`, as of a missing file
 *   a size (`$FileLength`)     `$Error File Not Available|` goes on
 *   anything else              nothing goes on, nothing goes back
 *
 * A grant that content follows has no replacement: the refusal is a reset.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { Direction, type Replacement, type Unit } from '../contract.ts';
import { escaped } from './dc-text.ts';

const NOTHING = new Uint8Array(0);
const NO_FILE = new TextEncoder().encode('$Error File Not Available|');

export function replaceNmdc(
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  if (unit.form === -1) return undefined;
  if (event.kind === 'file.offer') return { forward: NOTHING, back: NO_FILE };
  if (event.kind === 'file.accept') return { forward: NO_FILE, back: NOTHING };
  const told =
    notice === undefined || event.kind !== 'message' ? NOTHING : say(event, unit, notice);
  return unit.direction === Direction.ToServer
    ? { forward: NOTHING, back: told }
    : { forward: told, back: NOTHING };
}

function say(event: ImEvent, unit: Unit, notice: string): Uint8Array {
  const own = event.account;
  const peer = unit.direction === Direction.ToServer ? event.to?.[0] : event.from;
  const line = `<Hub-Security> ${escaped(notice)}|`;
  const isPrivate = event.route === 'direct' && own !== undefined && peer !== undefined;
  const head = isPrivate ? `$To: ${escaped(own)} From: ${escaped(peer)} $` : '';
  return new TextEncoder().encode(head + line);
}
