/**
 * Rendezvous messages of one OSCAR connection: files, Direct IM, pictures and calls are proposed,
 * accepted, refused and taken back here, and the connections that carry them are announced.
 *
 * Which event a message becomes: README.md. Chat invitations and ICQ's relay are the core's.
 */
import type { EventKind } from '../../../src/event/kinds.ts';
import type { Decision } from '../../contract.ts';
import type { RendezvousHost, RendezvousPart } from '../rendezvous-host.ts';
import { announce, endpointOf, refuseData } from './announce.ts';
import { RendezvousAnomaly } from './anomalies.ts';
import { guidText, Purpose, purposeOf } from './capability.ts';
import { setComment } from './comment.ts';
import { type FileData, readFileData } from './file-data.ts';
import { sayIcon } from './icon.ts';
import { acceptKind, cancelKind, proposalKind } from './kinds.ts';
import { type Proposal, Proposals, proposerOf } from './proposals.ts';
import { areParties, keptName, recordOf } from './record-offer.ts';
import { type RendezvousRefusal, refusalOf } from './refusal.ts';
import { refusalReason } from './refusal-reason.ts';
import { RendezvousBlock, RendezvousType } from './rendezvous-block.ts';
import { rendezvousEvent, withParties } from './rendezvous-event.ts';
import { forgetTransfer, rememberTransfer, transferOf } from './transfer-record.ts';

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
    const event = rendezvousEvent(this.#host, kind, part, proposal.purpose, part.cookie, proposal);
    event.reason = refusalReason(part, code);
    this.#close(proposal);
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
    if (data !== undefined && (data.size !== offer.size || keptName(data) !== offer.name)) {
      this.#host.anomaly(RendezvousAnomaly.OfferChanged);
      return false;
    }
    const byProposer = part.fromClient === known.byClient;
    if (!byProposer && !known.accepted) {
      known.accepted = true;
      const { record, purpose } = known;
      const kind = acceptKind(purpose);
      const { action, enforced } = this.#sayAnswer(part, kind, purpose, record.cookie, known);
      if (enforced && action !== 'pass') record.refused = true;
    }
    announce(this.#host, this.#block, known, part.fromClient);
    return true;
  }

  #offer(part: RendezvousPart, purpose: Purpose, cookie: string, data: FileData | undefined): void {
    const event = rendezvousEvent(
      this.#host,
      proposalKind(purpose),
      part,
      purpose,
      cookie,
      undefined,
    );
    const host = this.#host;
    if (event.file !== undefined) {
      event.file.name = data?.name;
      event.file.size = data?.size;
      event.file.endpoint = endpointOf(this.#block);
    }
    if (purpose === Purpose.GetFile) event.state = 'requested';
    else if (data !== undefined && data.files > 1) event.state = `${data.files} files`;
    setComment(event, this.#block);
    const record = recordOf(host, part, purpose, cookie, event, data);
    const proposal = { record, purpose, byClient: part.fromClient, accepted: false };
    const { memory } = host.context;
    const oldest = this.#proposals.add(proposal);
    // One connection cannot fill the memory of all.
    if (oldest !== undefined) forgetTransfer(memory, oldest.record);
    rememberTransfer(memory, record);
    const { action, enforced } = host.say(event);
    if (enforced && action !== 'pass') record.refused = true;
    announce(host, this.#block, proposal, part.fromClient);
  }

  #accept(part: RendezvousPart, purpose: Purpose, cookie: string): void {
    const known = this.#find(cookie, part, purpose);
    // Whoever opened the connection says so; of the proposer that is no answer.
    if (known !== undefined && (known.accepted || part.fromClient === known.byClient)) return;
    if (known !== undefined) known.accepted = true;
    const of = known?.purpose ?? purpose;
    if (of === Purpose.Unknown || of === Purpose.Icon) return;
    const { action, enforced } = this.#sayAnswer(part, acceptKind(of), of, cookie, known);
    if (known === undefined || !enforced || action === 'pass') return;
    // Who proposed has said already where it listens.
    known.record.refused = true;
    refuseData(this.#host, known);
  }

  #cancel(part: RendezvousPart, purpose: Purpose, cookie: string): void {
    const known = this.#find(cookie, part, purpose);
    const of = known?.purpose ?? purpose;
    if (of === Purpose.Unknown || of === Purpose.Icon) return;
    const declines = known !== undefined && !known.accepted && part.fromClient !== known.byClient;
    if (known !== undefined) this.#close(known);
    this.#sayAnswer(part, cancelKind(of, declines), of, cookie, known);
  }

  #close({ record }: Proposal): void {
    record.done = true;
    this.#proposals.delete(record.cookie);
  }

  #sayAnswer(
    part: RendezvousPart,
    kind: EventKind,
    purpose: Purpose,
    cookie: string,
    known: Proposal | undefined,
  ): Decision {
    const event = rendezvousEvent(this.#host, kind, part, purpose, cookie, known);
    const { reason, type } = this.#block;
    if (type === RendezvousType.Cancel && reason > 1) event.reason = `code ${reason}`;
    if (type === RendezvousType.Propose && event.file)
      event.file.endpoint = endpointOf(this.#block);
    setComment(event, this.#block);
    return this.#host.say(event);
  }

  #sayUnknown(part: RendezvousPart, reason: string): void {
    const event = withParties(this.#host.newEvent('app.unknown'), part);
    event.reason = reason;
    setComment(event, this.#block);
    this.#host.say(event);
  }

  #sayPicture(part: RendezvousPart, cookie: string): void {
    const { buffer, dataStart, dataEnd } = this.#block;
    sayIcon(this.#host, buffer, dataStart, dataEnd, cookie, (kind) =>
      withParties(this.#host.newEvent(kind), part),
    );
  }

  /** The proposal of this cookie between these parties, on this connection or another. */
  #find(cookie: string, part: RendezvousPart, purpose: Purpose): Proposal | undefined {
    const own = this.#proposals.find(cookie);
    // Clients know a proposal by its cookie and the other party.
    if (own !== undefined && areParties(own.record.offer, part)) return own;
    const record = transferOf(this.#host.context.memory, cookie);
    if (record === undefined || record.done) return undefined;
    const { method, origin } = record.offer;
    if (!areParties(record.offer, part)) return undefined;
    const isDirect = method === 'odc';
    const of =
      purpose === Purpose.Unknown ? (isDirect ? Purpose.DirectIm : Purpose.SendFile) : purpose;
    const found: Proposal = { record, purpose: of, byClient: origin === 'client', accepted: false };
    const proposer = proposerOf(found);
    if (proposer === undefined || part.sender === undefined) return found;
    return { ...found, byClient: (proposer === part.sender) === part.fromClient };
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

  #nameOddities(whole: boolean, known: boolean): void {
    if (!whole) this.#host.anomaly(RendezvousAnomaly.Malformed);
    if (!known) return;
    if (this.#block.twice) this.#host.anomaly(RendezvousAnomaly.TlvTwice);
    if (this.#block.badCheck) this.#host.anomaly(RendezvousAnomaly.BadCheck);
  }
}
