/** Events of Direct IM: as on the connection of the invitation, or, without one, as the wire shows. */
import { ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import { Direction } from '../../contract.ts';
import type { OdcParties } from './odc-parties.ts';

/** `odd`: names of what is odd about the frame. */
export function odcEvent(
  kind: EventKind,
  parties: OdcParties,
  direction: Direction,
  odd: readonly string[] | undefined,
): ImEvent {
  const event = new ImEvent(kind);
  event.service = parties.service(direction);
  event.protocol = 'odc';
  event.protocolVersion = '2';
  event.account = parties.offer?.account;
  event.from = parties.from(direction);
  const to = parties.to(direction);
  if (to !== undefined) event.to = [to];
  const { account } = event;
  const own = account === undefined ? direction === Direction.ToServer : event.from === account;
  event.origin = own ? 'client' : 'server';
  event.route = 'direct';
  if (odd !== undefined) event.anomalies = odd;
  return event;
}
