/** Events of OFT files: as on the connection of the offer, or, without one, as the wire shows. */
import { type FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import { Direction, type FlowContext } from '../../contract.ts';
import type { OftAnomaly } from './anomalies.ts';
import { OftAnomaly as Odd } from './anomalies.ts';
import type { OftTransfer } from './oft-transfer.ts';

export function oftEvent(
  kind: EventKind,
  transfer: OftTransfer,
  context: FlowContext,
  odd: readonly OftAnomaly[],
): ImEvent {
  const event = new ImEvent(kind);
  const { offer, header, direction } = transfer;
  // The file flows the other way than was offered: who sends it is who was offered it.
  const turned = odd.includes(Odd.DirectionDiffers);
  event.service = offer?.service ?? 'aim';
  event.protocol = 'oft';
  event.protocolVersion = header.version;
  event.account = offer?.account;
  event.from = turned ? offer?.recipient : offer?.sender;
  const to = turned ? offer?.sender : offer?.recipient;
  if (to !== undefined) event.to = [to];
  const asSeen = direction === Direction.ToServer ? 'client' : 'server';
  event.origin =
    offer === undefined ? asSeen : turned === (offer.origin === 'client') ? 'server' : 'client';
  event.route = 'direct';
  event.file = fileOf(transfer, context);
  if (odd.length > 0) event.anomalies = odd;
  return event;
}

function fileOf(transfer: OftTransfer, context: FlowContext): FileReference {
  const { header, offer, offset, record } = transfer;
  const { clientAddress, serverAddress, serverPort } = context;
  const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
  const own = /^0*$/.test(header.cookie) ? undefined : header.cookie;
  const file: FileReference = {
    name: header.name,
    size: header.size,
    method: 'oft',
    token: record?.cookie ?? offer?.token ?? own,
    endpoint: clientAddress === '' ? undefined : `${host}:${serverPort}`,
  };
  if (offset > 0) file.offset = offset;
  return file;
}
