/** What the file events of the pager have in common. */
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ExpectedConnection } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { type KnownTransfer, KnownTransfers } from './known-transfers.ts';
import type { UrlParts } from './url-parts.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

export function fileEvent(
  flow: YmsgFlow,
  kind: EventKind,
  from: string | undefined,
  to: string | undefined,
  file: FileReference,
): ImEvent {
  const event = flow.direct(kind, from, to);
  event.file = file;
  return event;
}

/** A size as key 28 has it; undefined and named where it is none. */
export function sizeAt(flow: YmsgFlow, pair: number): number | undefined {
  if (pair === -1) return undefined;
  const text = flow.pairs.at(pair) ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  flow.once(Anomaly.BadSize);
  return undefined;
}

export function endpointOf(address: string, port: number): string {
  return `${address} ${port}`;
}

/**
 * The connection to a numeric address: read by what fetches files. `shared`: the server is of many, and of a
 * refused offer only the request is stopped.
 */
export function expectAt(
  { sink, context }: YmsgFlow,
  transfer: KnownTransfer,
  { address, port, target }: UrlParts,
  senderListens: boolean,
  { refused, shared }: { readonly refused: boolean; readonly shared: boolean },
): void {
  const known = new KnownTransfers(context.memory);
  const token = `fetch ${target}`;
  known.setAt(target, refused ? { ...transfer, refusedToken: token } : transfer);
  const connection = connectionOf(transfer, senderListens);
  if (refused) sink.expect({ ...connection, token }, true);
  if (address === undefined) return;
  known.wait(endpointOf(address, port), target);
  sink.expect({ ...connection, address, port, ...(shared ? { shared } : {}) }, refused);
}

/** A file that a relay carries under this token. */
export function relayedBy(
  { sink, context }: YmsgFlow,
  relay: string,
  transfer: KnownTransfer,
  refused: boolean,
): void {
  const known = new KnownTransfers(context.memory);
  const token = `relay ${relay}`;
  known.setRelayed(relay, refused ? { ...transfer, refusedToken: token } : transfer);
  if (refused) sink.expect({ ...connectionOf(transfer, undefined), token }, true);
}

function connectionOf(
  transfer: KnownTransfer,
  senderListens: boolean | undefined,
): ExpectedConnection {
  return {
    protocol: 'ymsg-fetch',
    service: 'yahoo',
    offer: {
      service: 'yahoo',
      account: transfer.account,
      sender: transfer.sender,
      recipient: transfer.recipient,
      senderListens,
      room: undefined,
      name: transfer.name,
      size: transfer.size,
      offset: 0,
      mime: undefined,
      token: transfer.token,
      method: transfer.method,
      origin: transfer.origin,
    },
  };
}
