/**
 * Rendezvous messages of one OSCAR connection: files, Direct IM, pictures and calls are proposed,
 * accepted, refused and taken back here, and the connections that carry them are announced.
 *
 * Which event a message becomes: README.md. Chat invitations and ICQ's relay are the core's.
 */
import { boundedCopy, ownCopy } from '../../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { TransferOffer } from '../../contract.ts';
import { htmlText } from '../../framing/html-text.ts';
import type { RendezvousHost, RendezvousPart } from '../rendezvous-host.ts';
import { RendezvousAnomaly } from './anomalies.ts';
import { guidText, Purpose, purposeOf } from './capability.ts';
import { type FileData, readFileData } from './file-data.ts';
import { sayIcon } from './icon.ts';
import { acceptKind, cancelKind, proposalKind } from './kinds.ts';
import { type Proposal, Proposals, proposerOf } from './proposals.ts';
import { type RendezvousRefusal, refusalOf } from './refusal.ts';
import { refusalReason } from './refusal-reason.ts';
import { RendezvousBlock, RendezvousType } from './rendezvous-block.ts';
import { NAME_LIMIT, TEXT_LIMIT } from './rendezvous-limits.ts';
import { charsetText } from './text-charset.ts';
import { rememberTransfer, type TransferRecord, transferOf } from './transfer-record.ts';

const EMPTY_HELD = 1024; // octets of the reader with an empty table

export class Rendezvous {
  readonly #host: RendezvousHost;
  readonly #block = new RendezvousBlock();
  readonly #proposals = new Proposals();
  /** While a message is read. */
  #part: RendezvousPart | undefined = undefined;

  constructor(host: RendezvousHost) {
    this.#host = host;
  }

  /** False where the message is somebody else's to read: nothing was said. */
  part(part: RendezvousPart): boolean {
    const block = this.#block;
    const whole = block.read(part.buffer, part.start, part.end);
    const known = block.type !== -1;
    const purpose = known ? purposeOf(part.buffer, block.guidAt) : Purpose.Unknown;
    const elsewhere = purpose === Purpose.Elsewhere;
    if (!elsewhere) {
      this.#part = part;
      this.#nameOddities(whole, known);
      if (known) this.#read(part, purpose);
      else this.#sayUnknown(part, 'rendezvous');
      this.#part = undefined;
    }
    block.clear();
    return !elsewhere;
  }

  /** 04/0B: the proposal of this cookie is refused. False where none is known. */
  refused(part: RendezvousPart, code: number): boolean {
    const proposal = this.#find(part.cookie, part, Purpose.Unknown);
    if (proposal === undefined) return false;
    const kind = cancelKind(proposal.purpose, !proposal.accepted);
    const event = this.#newEvent(kind, part, proposal.purpose, part.cookie, proposal);
    event.reason = refusalReason(part, code);
    this.#proposals.delete(part.cookie);
    proposal.record.done = true;
    this.#host.say(event);
    return true;
  }

  /**
   * From inside `say`: what goes back to who sent the message, where it is refused. Undefined where
   * nothing need go back (a cancel), or nothing can (the other party is not known).
   */
  refusal(): RendezvousRefusal | undefined {
    const part = this.#part;
    const { type } = this.#block;
    if (part === undefined || type === -1 || type === RendezvousType.Cancel) return undefined;
    const other = part.fromClient ? part.recipient : part.sender;
    if (other === undefined) return undefined;
    return refusalOf(part.buffer, part.start, part.fromClient, other);
  }

  /** Octets. */
  held(): number {
    return EMPTY_HELD + this.#proposals.held();
  }

  #read(part: RendezvousPart, purpose: Purpose): void {
    const cookie = RendezvousBlock.cookieOf(part.buffer, part.start);
    if (cookie !== part.cookie) this.#host.anomaly(RendezvousAnomaly.CookieMismatch);
    const { type } = this.#block;
    if (type === RendezvousType.Propose) this.#propose(part, purpose, cookie);
    else if (type === RendezvousType.Cancel) this.#cancel(part, purpose, cookie);
    else if (type === RendezvousType.Accept) this.#accept(part, purpose, cookie);
    else this.#sayUnknown(part, `rendezvous type ${type}`);
  }

  #propose(part: RendezvousPart, purpose: Purpose, cookie: string): void {
    const { guidAt, sequence } = this.#block;
    if (purpose === Purpose.Unknown) {
      this.#sayUnknown(part, `rendezvous ${guidText(part.buffer, guidAt)}`);
      return;
    }
    if (purpose === Purpose.Icon) {
      this.#sayPicture(part, cookie);
      return;
    }
    const known = this.#find(cookie, part, purpose);
    const data = this.#fileData(purpose);
    if (sequence > 1 && known !== undefined && this.#redirect(part, known, data)) return;
    if (sequence > 1 && known === undefined) {
      this.#host.anomaly(RendezvousAnomaly.RedirectUnknown);
    }
    this.#offer(part, purpose, cookie, data);
  }

  /** False where it names another file than the proposal: then it is one of its own. */
  #redirect(part: RendezvousPart, known: Proposal, data: FileData | undefined): boolean {
    const { offer } = known.record;
    if (data !== undefined && (data.size !== offer.size || nameKept(data) !== offer.name)) {
      this.#host.anomaly(RendezvousAnomaly.OfferChanged);
      return false;
    }
    const byProposer = part.fromClient === known.byClient;
    if (!byProposer && !known.accepted) {
      known.accepted = true;
      const { record, purpose } = known;
      this.#sayAnswer(part, acceptKind(purpose), purpose, record.cookie, known);
    }
    this.#expect(known, part.fromClient);
    return true;
  }

  #offer(part: RendezvousPart, purpose: Purpose, cookie: string, data: FileData | undefined): void {
    const event = this.#newEvent(proposalKind(purpose), part, purpose, cookie, undefined);
    const host = this.#host;
    if (event.file !== undefined) {
      event.file.name = data?.name;
      event.file.size = data?.size;
      event.file.endpoint = this.#endpoint();
    }
    if (purpose === Purpose.GetFile) event.state = 'requested';
    else if (data !== undefined && data.files > 1) event.state = `${data.files} files`;
    this.#comment(event);
    const record = this.#record(part, purpose, cookie, event, data);
    const proposal = { record, purpose, byClient: part.fromClient, accepted: false };
    this.#proposals.add(proposal);
    rememberTransfer(host.context.memory, record);
    const { action, enforced } = host.say(event);
    if (enforced && action !== 'pass') return;
    this.#expect(proposal, part.fromClient);
  }

  /** The same proposal on its second connection (a bridge sees both) has the record of the first. */
  #record(
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
      name: data === undefined ? undefined : nameKept(data),
      size: data?.size,
      offset: 0,
      mime: undefined,
      token: cookie,
      method: purpose === Purpose.DirectIm ? 'odc' : 'oft',
      origin: part.fromClient === asks ? 'server' : 'client',
    };
    const before = transferOf(this.#host.context.memory, cookie);
    if (before !== undefined && !before.done) {
      if (isSame(before.offer, offer) && before.offer.origin !== offer.origin) return before;
      if (before.offer.sender !== offer.sender && before.offer.sender !== undefined) {
        this.#host.anomaly(RendezvousAnomaly.CookieReused);
      }
    }
    return { cookie, offer, files: data?.files, done: false };
  }

  #accept(part: RendezvousPart, purpose: Purpose, cookie: string): void {
    const known = this.#find(cookie, part, purpose);
    // Whoever opened the connection says so; of the proposer that is no answer.
    if (known !== undefined && (known.accepted || part.fromClient === known.byClient)) return;
    if (known !== undefined) known.accepted = true;
    const of = known?.purpose ?? purpose;
    if (of === Purpose.Unknown || of === Purpose.Icon) return;
    this.#sayAnswer(part, acceptKind(of), of, cookie, known);
  }

  #cancel(part: RendezvousPart, purpose: Purpose, cookie: string): void {
    const known = this.#find(cookie, part, purpose);
    const of = known?.purpose ?? purpose;
    if (of === Purpose.Unknown || of === Purpose.Icon) return;
    const declines = known !== undefined && !known.accepted && part.fromClient !== known.byClient;
    this.#proposals.delete(cookie);
    if (known !== undefined) known.record.done = true;
    this.#sayAnswer(part, cancelKind(of, declines), of, cookie, known);
  }

  #sayAnswer(
    part: RendezvousPart,
    kind: EventKind,
    purpose: Purpose,
    cookie: string,
    known: Proposal | undefined,
  ): void {
    const event = this.#newEvent(kind, part, purpose, cookie, known);
    const { reason, type } = this.#block;
    if (type === RendezvousType.Cancel && reason > 1) event.reason = `code ${reason}`;
    if (type === RendezvousType.Propose && event.file) event.file.endpoint = this.#endpoint();
    this.#comment(event);
    this.#host.say(event);
  }

  #sayUnknown(part: RendezvousPart, reason: string): void {
    const event = this.#parties(this.#host.newEvent('app.unknown'), part);
    event.reason = reason;
    this.#comment(event);
    this.#host.say(event);
  }

  #sayPicture(part: RendezvousPart, cookie: string): void {
    const { buffer, dataStart, dataEnd } = this.#block;
    sayIcon(this.#host, buffer, dataStart, dataEnd, cookie, (kind) =>
      this.#parties(this.#host.newEvent(kind), part),
    );
  }

  /** The proposal of this cookie between these parties, on this connection or another. */
  #find(cookie: string, part: RendezvousPart, purpose: Purpose): Proposal | undefined {
    const own = this.#proposals.find(cookie);
    if (own !== undefined) return own;
    const record = transferOf(this.#host.context.memory, cookie);
    if (record === undefined || record.done) return undefined;
    const { sender, recipient, method, origin } = record.offer;
    if (!isParty(part.sender, sender, recipient)) return undefined;
    if (!isParty(part.recipient, sender, recipient)) return undefined;
    const isDirect = method === 'odc';
    const of =
      purpose === Purpose.Unknown ? (isDirect ? Purpose.DirectIm : Purpose.SendFile) : purpose;
    const found: Proposal = { record, purpose: of, byClient: origin === 'client', accepted: false };
    const proposer = proposerOf(found);
    if (proposer === undefined || part.sender === undefined) return found;
    return { ...found, byClient: (proposer === part.sender) === part.fromClient };
  }

  #newEvent(
    kind: EventKind,
    part: RendezvousPart,
    purpose: Purpose,
    cookie: string,
    known: Proposal | undefined,
  ): ImEvent {
    const event = this.#parties(this.#host.newEvent(kind), part);
    if (kind.startsWith('call.')) {
      event.call = { media: purpose === Purpose.Video ? 'video' : 'audio', token: cookie };
    } else if (kind.startsWith('file.')) {
      const file: FileReference = { method: 'oft', token: cookie };
      if (known !== undefined) {
        file.name = known.record.offer.name;
        file.size = known.record.offer.size;
      }
      event.file = file;
    } else {
      event.messageId = cookie;
      event.state = 'direct-im';
    }
    return event;
  }

  #parties(event: ImEvent, part: RendezvousPart): ImEvent {
    event.from = part.sender;
    if (part.recipient !== undefined) event.to = [part.recipient];
    event.route = 'direct';
    return event;
  }

  #fileData(purpose: Purpose): FileData | undefined {
    const { buffer, dataStart, dataEnd, nameCharset } = this.#block;
    if (purpose !== Purpose.SendFile) return undefined;
    const data = readFileData(buffer, dataStart, dataEnd, nameCharset);
    if (data === undefined && dataEnd > dataStart) {
      this.#host.anomaly(RendezvousAnomaly.Malformed);
    }
    return data;
  }

  /** Text that goes with it, as the other party is shown it. */
  #comment(event: ImEvent): void {
    const { buffer, textStart, textEnd, textCharset } = this.#block;
    if (textEnd <= textStart) return;
    const end = Math.min(textEnd, textStart + TEXT_LIMIT);
    const written = charsetText(buffer, textStart, end, textCharset).replace(/\0+$/, '');
    const shown = htmlText(written);
    if (shown !== '') event.text = shown;
    if (shown !== written) event.markup = written;
  }

  #endpoint(): string | undefined {
    const { address, verifiedAddress, clientAddress, port, proxied } = this.#block;
    const host = address ?? verifiedAddress ?? clientAddress;
    return host === undefined || port === 0 || proxied ? undefined : `${host}:${port}`;
  }

  /** Where who sent the message listens now: any of its three addresses may be the one that is seen. */
  #expect({ record, purpose, byClient }: Proposal, fromClient: boolean): void {
    const { address, verifiedAddress, clientAddress, port, proxied } = this.#block;
    const isTransfer =
      purpose === Purpose.SendFile || purpose === Purpose.GetFile || purpose === Purpose.DirectIm;
    if (!isTransfer || proxied || port === 0) return;
    const protocol = purpose === Purpose.DirectIm ? 'odc' : 'oft';
    const { offer } = record;
    const byProposer = byClient === fromClient;
    const senderListens = byProposer !== (purpose === Purpose.GetFile);
    const listening: TransferOffer = { ...offer, senderListens };
    for (const at of new Set([verifiedAddress, address, clientAddress])) {
      if (at === undefined) continue;
      const { service } = offer;
      this.#host.expect({ protocol, service, address: at, port, offer: listening });
    }
  }

  #nameOddities(whole: boolean, known: boolean): void {
    if (!whole) this.#host.anomaly(RendezvousAnomaly.Malformed);
    if (!known) return;
    if (this.#block.twice) this.#host.anomaly(RendezvousAnomaly.TlvTwice);
    if (this.#block.badCheck) this.#host.anomaly(RendezvousAnomaly.BadCheck);
  }
}

function nameKept({ name }: FileData): string | undefined {
  return name === undefined ? undefined : boundedCopy(name, NAME_LIMIT);
}

function isSame(a: TransferOffer, b: TransferOffer): boolean {
  const sameParties =
    (a.sender === b.sender || a.sender === undefined || b.sender === undefined) &&
    (a.recipient === b.recipient || a.recipient === undefined || b.recipient === undefined);
  return sameParties && a.name === b.name && a.size === b.size && a.method === b.method;
}

function isParty(
  name: string | undefined,
  sender: string | undefined,
  recipient: string | undefined,
): boolean {
  if (name === undefined || sender === undefined || recipient === undefined) return true;
  return name === sender || name === recipient;
}
