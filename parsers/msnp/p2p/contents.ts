/**
 * Files and pictures whose octets pass in this conversation: followed, counted, never kept.
 *
 *   file.start     the first packet of a message of content
 *   file.complete  its last octet is there: size counted, sha256 where none is missing
 *   file.cancel    the conversation or the dialog ended before (`incomplete`, or `gap` where octets were lost)
 */
import type { ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import { P2pAnomaly } from './anomalies.ts';
import { type Dialog, hasPart, keptOrNot, otherThan } from './dialogs.ts';
import { purposeOfApplication } from './file-context.ts';
import { fileReference, recipientOf } from './file-events.ts';
import { OrderedContent } from './ordered-content.ts';
import { CONTENTS_LIMIT, MOST_OCTETS } from './p2p-limits.ts';
import { type P2pPacket, PacketKind } from './packet.ts';

const CONTENT_HELD = 640; // octets of a content beside what waits in it: measured, and rounded up

interface Content {
  readonly session: number;
  readonly message: number;
  readonly fromClient: boolean;
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  readonly dialog: Dialog | undefined;
  readonly purpose: ReturnType<typeof purposeOfApplication>;
  readonly octets: OrderedContent;
  over: boolean;
}

export class Contents {
  readonly #host: PeerHost;
  readonly #all: Content[] = [];
  /** Octets of the conversation were lost: parts that do not follow will not be followed by what is missing. */
  #lossy = false;
  readonly #named = (anomaly: P2pAnomaly) => this.#host.anomaly(anomaly);

  constructor(host: PeerHost) {
    this.#host = host;
  }

  /** A further packet of content; false where it is the first of a message. */
  more(part: PeerPart, packet: P2pPacket): boolean {
    const content = this.#find(part, packet);
    // Package numbers of version 2 come again: a first part begins anew.
    if (content === undefined || (content.over && packet.version === 2 && packet.offset === 0)) {
      return false;
    }
    this.#take(part, packet, content);
    return true;
  }

  /** The first packet; `dialog` is its session's invitation, where it was seen. */
  first(part: PeerPart, packet: P2pPacket, dialog: Dialog | undefined): void {
    const content = this.#begin(part, packet, dialog);
    if (content !== undefined) this.#take(part, packet, content);
  }

  #take(part: PeerPart, packet: P2pPacket, content: Content): void {
    if (content.over) return;
    const { octets } = content;
    const length = packet.dataEnd - packet.dataStart;
    if (packet.total !== -1 && packet.total !== octets.total) this.#named(P2pAnomaly.BadTotal);
    const offset = packet.offset === -1 ? octets.total - packet.remaining - length : packet.offset;
    if (offset < 0) this.#named(P2pAnomaly.BadTotal);
    else octets.put(part.buffer, packet.dataStart, packet.dataEnd, offset, this.#named);
    if (octets.complete) this.#complete(content);
  }

  /** Whether something of this dialog is under way here. */
  has(dialog: Dialog): boolean {
    return this.#all.some((content) => content.dialog === dialog && !content.over);
  }

  /** Given up by one of the two: the octets that passed, or undefined where nothing was under way here. */
  cancel(dialog: Dialog): number | undefined {
    let size: number | undefined;
    for (const content of this.#all) {
      if (content.dialog !== dialog || content.over) continue;
      size = Math.max(size ?? 0, content.octets.octets);
      content.over = true;
      content.octets.discard();
    }
    return size;
  }

  end(): void {
    for (const content of this.#all) this.#giveUp(content);
    this.#all.length = 0;
  }

  /** What comes next does not follow: what waits for missing parts waits no longer. */
  gap(): void {
    this.#lossy = true;
    for (const content of this.#all) {
      if (!content.over) content.octets.gap(this.#named);
    }
  }

  held(): number {
    let octets = 0;
    for (const content of this.#all) octets += CONTENT_HELD + content.octets.held;
    return octets;
  }

  #find(part: PeerPart, packet: P2pPacket): Content | undefined {
    for (let i = this.#all.length - 1; i >= 0; i--) {
      const content = this.#all[i];
      if (
        content !== undefined &&
        content.message === packet.message &&
        content.session === packet.session &&
        content.fromClient === part.fromClient &&
        content.sender === part.sender
      ) {
        return content;
      }
    }
    return undefined;
  }

  #begin(part: PeerPart, packet: P2pPacket, dialog: Dialog | undefined): Content | undefined {
    const known = dialog !== undefined && hasPart(dialog, part.sender) ? dialog : undefined;
    const total = packet.total === -1 ? (known?.size ?? MOST_OCTETS) : packet.total;
    if (total > MOST_OCTETS) {
      this.#named(P2pAnomaly.BadTotal);
      return undefined;
    }
    if (known?.size !== undefined && known.size !== total) this.#named(P2pAnomaly.SizeMismatch);
    const recipient = keptOrNot(recipientOf(part) ?? (known && otherThan(known, part.sender)));
    const purpose = known === undefined ? anonymousPurpose(packet) : known.purpose;
    const octets = new OrderedContent(total, this.#host.context.follow());
    if (this.#lossy) octets.gap(this.#named);
    const content: Content = {
      session: packet.session,
      message: packet.message,
      fromClient: part.fromClient,
      sender: part.sender,
      recipient,
      dialog: known,
      purpose,
      octets,
      over: false,
    };
    this.#keep(content);
    if (known !== undefined) known.progress.started = true;
    this.#host.say(this.#newEvent('file.start', content, known?.size ?? total));
    return content;
  }

  #keep(content: Content): void {
    if (this.#all.length >= CONTENTS_LIMIT) {
      const finished = this.#all.findIndex(({ over }) => over);
      const [given] = this.#all.splice(Math.max(0, finished), 1);
      if (given !== undefined && !given.over) {
        this.#named(P2pAnomaly.TableFull);
        this.#giveUp(given);
      }
    }
    this.#all.push(content);
  }

  #giveUp(content: Content): void {
    if (content.over) return;
    content.over = true;
    const { octets, dialog } = content;
    octets.discard();
    if (dialog?.ended) return; // said where the dialog was ended
    if (dialog !== undefined) dialog.progress.over = true;
    const event = this.#newEvent('file.cancel', content, octets.octets);
    event.reason = octets.broken ? 'gap' : 'incomplete';
    this.#host.say(event);
  }

  #complete(content: Content): void {
    content.over = true;
    const { octets, dialog } = content;
    const event = this.#newEvent('file.complete', content, octets.octets);
    const sha256 = octets.finish();
    if (event.file !== undefined && sha256 !== undefined) event.file.sha256 = sha256;
    if (octets.broken) event.reason = 'gap';
    if (dialog !== undefined) dialog.progress.over = true;
    this.#host.say(event);
  }

  #newEvent(kind: EventKind, content: Content, size: number): ImEvent {
    const { session, dialog, purpose, sender, recipient } = content;
    const event = this.#host.newEvent(kind);
    event.from = sender;
    event.to = recipient === undefined ? undefined : [recipient];
    event.route = 'direct';
    event.file = fileReference({
      session,
      name: dialog?.name,
      size: size === MOST_OCTETS ? undefined : size,
      purpose,
    });
    return event;
  }
}

function anonymousPurpose(packet: P2pPacket): ReturnType<typeof purposeOfApplication> {
  if (packet.kind === PacketKind.File) return undefined;
  return purposeOfApplication(packet.application) ?? 'picture';
}
