/** What is kept of a proposal, for the connections that carry it. */
import { boundedCopy, ownCopy } from '../../../src/bytes/text.ts';
import type { ImEvent } from '../../../src/event/event.ts';
import type { TransferOffer } from '../../contract.ts';
import type { RendezvousHost, RendezvousPart } from '../rendezvous-host.ts';
import { RendezvousAnomaly } from './anomalies.ts';
import { Purpose } from './capability.ts';
import type { FileData } from './file-data.ts';
import { NAME_LIMIT } from './rendezvous-limits.ts';
import { type TransferRecord, transferOf } from './transfer-record.ts';

/** The same proposal on its second connection (a bridge sees both) has the record of the first. */
export function recordOf(
  host: RendezvousHost,
  part: RendezvousPart,
  purpose: Purpose,
  cookie: string,
  event: ImEvent,
  data: FileData | undefined,
): TransferRecord {
  const asks = purpose === Purpose.GetFile;
  const proposer = part.sender === undefined ? undefined : ownCopy(part.sender);
  const other = part.recipient === undefined ? undefined : ownCopy(part.recipient);
  const offer: TransferOffer = {
    service: event.service ?? 'aim',
    account: event.account,
    sender: asks ? other : proposer,
    recipient: asks ? proposer : other,
    senderListens: !asks,
    room: undefined,
    name: data === undefined ? undefined : keptName(data),
    size: data?.size,
    offset: 0,
    mime: undefined,
    token: cookie,
    method: purpose === Purpose.DirectIm ? 'odc' : 'oft',
    origin: part.fromClient === asks ? 'server' : 'client',
  };
  const before = transferOf(host.context.memory, cookie);
  if (before !== undefined && !before.done) {
    if (isSame(before.offer, offer) && before.offer.origin !== offer.origin) return before;
    if (before.offer.sender !== offer.sender && before.offer.sender !== undefined) {
      host.anomaly(RendezvousAnomaly.CookieReused);
    }
  }
  return { cookie, offer, files: data?.files, done: false };
}

/** The name as it is kept: both ends of a long one. */
export function keptName({ name }: FileData): string | undefined {
  return name === undefined ? undefined : boundedCopy(name, NAME_LIMIT);
}

/** Whether these may be the two of one transfer; a party that is not known is anybody. */
export function areParties(offer: TransferOffer, part: RendezvousPart): boolean {
  return isParty(part.sender, offer) && isParty(part.recipient, offer);
}

function isParty(name: string | undefined, { sender, recipient }: TransferOffer): boolean {
  if (name === undefined || sender === undefined || recipient === undefined) return true;
  return name === sender || name === recipient;
}

function isSame(a: TransferOffer, b: TransferOffer): boolean {
  const sameParties =
    (a.sender === b.sender || a.sender === undefined || b.sender === undefined) &&
    (a.recipient === b.recipient || a.recipient === undefined || b.recipient === undefined);
  return sameParties && a.name === b.name && a.size === b.size && a.method === b.method;
}
