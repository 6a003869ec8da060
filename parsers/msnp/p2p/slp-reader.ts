/**
 * MSNSLP, text by text: invitations, answers, ends, and where data will come.
 *
 *   INVITE sessionreqbody   file.offer, call.offer, app.unknown by EUF-GUID (invitations.ts)
 *   200                     file.accept, call.accept
 *   603, 500, …             file.decline, call.decline; of the inviter: file.cancel, call.end
 *   BYE                     what is under way: file.cancel, call.end; before an answer of the invited: declined
 *   trans(req|resp)body     expected connections (transport.ts)
 */
import type { Decision } from '../../contract.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import { P2pAnomaly } from './anomalies.ts';
import { type Answer, answerDialog, endDialog } from './answers.ts';
import type { Contents } from './contents.ts';
import { type Dialogs, hasPart, keptOrNot } from './dialogs.ts';
import { fileReference, recipientOf, speakerEvent } from './file-events.ts';
import { type Offer, readOffer } from './invitations.ts';
import { UNKNOWN_LIMIT } from './p2p-limits.ts';
import type { P2pPacket } from './packet.ts';
import { type Invitation, invitationOf } from './refusal.ts';
import { SlpText } from './slp-text.ts';
import { readTransport } from './transport.ts';

const PREFIX = 'application/x-msnmsgr-';
/** Bodies that negotiate how data travels and say nothing of what it is. */
const TRANSPORT = new Set([
  `${PREFIX}transreqbody`,
  `${PREFIX}transrespbody`,
  `${PREFIX}transdestaddrupdate`,
  `${PREFIX}transudpswitch`,
  `${PREFIX}turnsetup`,
]);
const UNKNOWN_TEXT = 128; // characters of an unknown type that are said

export class SlpReader {
  readonly #host: PeerHost;
  readonly #dialogs: Dialogs;
  readonly #contents: Contents;
  readonly #text = new SlpText();
  readonly #unknown = new Set<string>();
  /** The packet that completed the invitation whose event is being said, and the octets of that text. */
  #offering: { readonly packet: P2pPacket; readonly total: number } | undefined = undefined;

  constructor(host: PeerHost, dialogs: Dialogs, contents: Contents) {
    this.#host = host;
    this.#dialogs = dialogs;
    this.#contents = contents;
  }

  /**
   * buffer[start, end) is the text, or its beginning where `whole` is false: then it is read only if it is an
   * invitation that already says what it is for. False where it is no MSNSLP, or cannot be read yet.
   */
  read(
    part: PeerPart,
    packet: P2pPacket,
    buffer: Uint8Array,
    start: number,
    end: number,
    whole: boolean,
    total: number,
  ): boolean {
    const text = this.#text;
    const understood = text.read(buffer, start, end);
    let over = understood;
    if (understood && !whole) over = this.#early(part, packet, buffer, total);
    else if (understood) this.#whole(part, packet, buffer, total);
    text.clear();
    return over;
  }

  /** The invitation whose event is being said. */
  invitation(): Invitation | undefined {
    const offering = this.#offering;
    return offering && invitationOf(offering.packet, this.#text, offering.total);
  }

  #early(part: PeerPart, packet: P2pPacket, buffer: Uint8Array, total: number): boolean {
    const text = this.#text;
    if (text.method !== 'INVITE' || !text.hasBody || TRANSPORT.has(text.contentType)) return false;
    const offer = readOffer(text, buffer, false);
    if (offer === undefined) return false;
    this.#checkSender(part);
    this.#offer(part, packet, offer, total);
    return true;
  }

  #whole(part: PeerPart, packet: P2pPacket, buffer: Uint8Array, total: number): void {
    const text = this.#text;
    this.#checkSender(part);
    if (TRANSPORT.has(text.contentType)) this.#transport(part);
    else if (text.method === 'INVITE') {
      const offer = readOffer(text, buffer, true);
      if (offer === undefined) this.#sayUnknown(part, text.contentType);
      else this.#offer(part, packet, offer, total);
    } else if (text.method === 'BYE') this.#answer(part, 'bye');
    else if (text.status >= 200) this.#answer(part, text.status < 300 ? 'accept' : 'decline');
    else if (text.method !== 'ACK' && text.status === 0) this.#sayUnknown(part, text.method);
  }

  #checkSender(part: PeerPart): void {
    const { from } = this.#text;
    if (from !== undefined && part.sender !== undefined && from !== part.sender) {
      this.#host.anomaly(P2pAnomaly.SlpForeignSender);
    }
  }

  #offer(part: PeerPart, packet: P2pPacket, offer: Offer, total: number): void {
    const { callId = '', branch, session } = this.#text;
    // On a connection that nobody announced the text alone tells who speaks.
    const inviter = part.sender ?? this.#text.from;
    if (offer.odd) this.#host.anomaly(P2pAnomaly.BadContext);
    if (offer.repeated) this.#host.anomaly(P2pAnomaly.SlpRepeated);
    const known = this.#dialogs.own(callId);
    const again =
      known !== undefined &&
      !known.ended &&
      known.inviter === inviter &&
      known.session === session &&
      known.kind === offer.kind &&
      known.size === offer.size &&
      known.name === keptOrNot(offer.name);
    if (again) return;
    const event = speakerEvent(this.#host, part, offer.event);
    event.from = inviter;
    const invitee = recipientOf(part) ?? this.#text.to;
    if (event.to === undefined && invitee !== undefined) event.to = [invitee];
    const { dialog, fits } = this.#dialogs.add({
      callId,
      session,
      kind: offer.kind,
      inviter,
      invitee,
      account: event.account,
      owner: offer.kind === 'object' ? invitee : inviter,
      origin: part.fromClient === (offer.kind !== 'object') ? 'client' : 'server',
      name: offer.name,
      size: offer.size,
      purpose: offer.purpose,
      branch,
      accepted: false,
      ended: false,
      refused: false,
    });
    if (!fits) this.#host.anomaly(P2pAnomaly.TableFull);
    offer.describe(event, dialog.session);
    this.#offering = { packet, total };
    dialog.refused = isRefusal(this.#host.say(event));
    if (offer.also !== undefined) {
      const other = speakerEvent(this.#host, part, 'file.offer');
      other.from = inviter;
      other.to = event.to;
      other.file = fileReference({ ...offer.also, session });
      if (isRefusal(this.#host.say(other))) dialog.refused = true;
    }
    this.#offering = undefined;
  }

  #answer(part: PeerPart, answer: Answer): void {
    const text = this.#text;
    const dialog = this.#dialogs.byCall(text.callId, part.sender);
    if (dialog === undefined) return;
    if (!hasPart(dialog, part.sender)) {
      this.#host.anomaly(P2pAnomaly.SlpStranger);
      return;
    }
    if (answer === 'bye') {
      endDialog(this.#host, part, dialog, this.#contents, undefined);
      return;
    }
    // Answers to transport requests are in the same dialog, under a branch of their own.
    const ofSession =
      text.contentType === `${PREFIX}sessionreqbody` ||
      (text.branch !== undefined && text.branch === dialog.branch);
    if (!ofSession) return;
    answerDialog(this.#host, part, dialog, this.#contents, answer, `${text.status} ${text.phrase}`);
  }

  #transport(part: PeerPart): void {
    const text = this.#text;
    const dialog = this.#dialogs.byCall(text.callId, part.sender);
    if (dialog !== undefined && !hasPart(dialog, part.sender)) {
      this.#host.anomaly(P2pAnomaly.SlpStranger);
      return;
    }
    const recipient = recipientOf(part) ?? text.to;
    readTransport(this.#host, text.body, part.sender, recipient, dialog);
  }

  /** Once each: a type of body, a method. */
  #sayUnknown(part: PeerPart, what: string): void {
    const reason = `MSNSLP ${what}`.trim().slice(0, UNKNOWN_TEXT);
    if (this.#unknown.has(reason) || this.#unknown.size >= UNKNOWN_LIMIT) return;
    this.#unknown.add(reason);
    const event = speakerEvent(this.#host, part, 'app.unknown');
    event.reason = reason;
    this.#host.say(event);
  }
}

function isRefusal({ action, enforced }: Decision): boolean {
  return enforced && action !== 'pass' && action !== 'redact';
}
