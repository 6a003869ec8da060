/**
 * P2P packets of one conversation, or of one direct connection: MSNSLP is put together and read
 * (slp-reader.ts), content is followed (contents.ts).
 */

import { startsWith } from '../../../src/bytes/text.ts';
import type { ImEvent } from '../../../src/event/event.ts';
import type { PeerBodies, PeerHost, PeerPart } from '../conversation.ts';
import { P2pAnomaly } from './anomalies.ts';
import { Added, Assembly } from './assembly.ts';
import { Contents } from './contents.ts';
import { type Dialog, Dialogs } from './dialogs.ts';
import { speakerEvent } from './file-events.ts';
import { inMessage } from './message.ts';
import { ASSEMBLIES_LIMIT, SLP_LIMIT, UNKNOWN_LIMIT } from './p2p-limits.ts';
import { isChain, nextOfChain, P2pPacket, PacketKind, Spoken } from './packet.ts';
import { refusalPackets } from './refusal.ts';
import { SlpReader } from './slp-reader.ts';
import { INVITE } from './slp-text.ts';

const HELD = 2048; // octets of the reader itself and what it always has

export interface PeerReaderOptions {
  /** Packets end in a footer of four octets: not on direct connections. */
  readonly footer?: boolean;
}

export class PeerReader implements PeerBodies {
  readonly #host: PeerHost;
  readonly #footer: boolean;
  readonly #packet = new P2pPacket();
  readonly #dialogs: Dialogs;
  readonly #contents: Contents;
  readonly #slp: SlpReader;
  readonly #assemblies: Assembly[] = [];
  /** Sessions of data that is not known. */
  readonly #unknown = new Set<number>();
  /** The part under the hand, whose sender a refusal answers. */
  #part: PeerPart | undefined = undefined;

  constructor(host: PeerHost, { footer = true }: PeerReaderOptions = {}) {
    this.#host = host;
    this.#footer = footer;
    this.#dialogs = new Dialogs(host.context.memory);
    this.#contents = new Contents(host);
    this.#slp = new SlpReader(host, this.#dialogs, this.#contents);
  }

  part(part: PeerPart): void {
    const { buffer, start, end } = part;
    this.#part = part;
    const spoken = spokenIn(part);
    if (this.#footer && isChain(buffer, start, end, spoken)) {
      for (let at = start; at < end; ) {
        const next = nextOfChain(buffer, at, end);
        this.#one(part, at, next, false, Spoken.Version2);
        at = next;
      }
    } else this.#one(part, start, end, this.#footer, spoken);
    this.#part = undefined;
  }

  #one(part: PeerPart, start: number, end: number, footer: boolean, spoken: Spoken): void {
    const packet = this.#packet;
    if (!packet.read(part.buffer, start, end, footer, spoken)) {
      this.#host.anomaly(P2pAnomaly.Malformed);
      return;
    }
    if (packet.mismatch) this.#host.anomaly(P2pAnomaly.LengthMismatch);
    const data = packet.dataEnd > packet.dataStart;
    if (packet.control) {
      if (!data) return;
      this.#host.anomaly(P2pAnomaly.DataInControl);
    }
    if (packet.session !== 0 && !this.#isText(part, packet)) this.#content(part, packet);
    else if (data) this.#text(part, packet);
  }

  refusal(event: ImEvent): readonly Uint8Array[] {
    const part = this.#part;
    if (part === undefined) return [];
    const packets = this.refusalPackets(event);
    return this.#footer ? packets.map((packet) => inMessage(packet, part)) : packets;
  }

  /** The same, as packets without footer. */
  refusalPackets(event: ImEvent): Uint8Array[] {
    const invitation = REFUSED.has(event.kind) ? this.#slp.invitation() : undefined;
    return invitation === undefined ? [] : refusalPackets(invitation);
  }

  gap(): void {
    this.#contents.gap();
    this.#assemblies.length = 0;
  }

  end(): void {
    this.#contents.end();
    this.#assemblies.length = 0;
  }

  held(): number {
    let octets = HELD + this.#dialogs.held() + this.#contents.held();
    for (const assembly of this.#assemblies) octets += assembly.held;
    return octets;
  }

  #content(part: PeerPart, packet: P2pPacket): void {
    if (this.#contents.more(part, packet)) return;
    const dialog = this.#dialogs.bySession(packet.session, part.sender);
    if (isContent(part, packet, dialog)) this.#contents.first(part, packet, dialog);
    else if (dialog === undefined && !packet.control) this.#unannounced(part, packet);
  }

  /** Data that nobody was seen to ask for, and that does not say what it is: once a session. */
  #unannounced(part: PeerPart, packet: P2pPacket): void {
    const { session } = packet;
    const known = this.#unknown;
    if (isPreparation(part, packet) || known.has(session) || known.size >= UNKNOWN_LIMIT) return;
    known.add(session);
    const event = speakerEvent(this.#host, part, 'app.unknown');
    event.reason = 'P2P data without an invitation';
    this.#host.say(event);
  }

  /** To libpurple a packet without flags is text, whatever session it names; the first part begins with the word. */
  #isText(part: PeerPart, packet: P2pPacket): boolean {
    if (packet.kind !== PacketKind.Plain || packet.control) return false;
    if (packet.offset === 0) return startsWith(part.buffer, packet.dataStart, INVITE);
    return this.#known(part, packet) !== -1;
  }

  /** Octets that were read already come again: receivers that take the last ones see another text. */
  #rewritten(part: PeerPart): void {
    const event = speakerEvent(this.#host, part, 'app.unknown');
    event.reason = 'MSNSLP text rewritten';
    this.#host.say(event);
  }

  #known({ sender, fromClient }: PeerPart, { message }: P2pPacket): number {
    return this.#assemblies.findIndex(
      (one) => one.message === message && one.fromClient === fromClient && one.sender === sender,
    );
  }

  #text(part: PeerPart, packet: P2pPacket): void {
    const { dataStart, dataEnd, offset, total } = packet;
    if (offset === 0 && total === dataEnd - dataStart && total <= SLP_LIMIT) {
      // The usual case: a text of one part, read where it stands.
      if (!this.#slp.read(part, packet, part.buffer, dataStart, dataEnd, true, total)) {
        this.#host.anomaly(P2pAnomaly.SlpMalformed);
      }
      return;
    }
    const assembly = this.#assemblyOf(part, packet);
    if (assembly === undefined) return;
    const at = offset === -1 ? assembly.total - packet.remaining - (dataEnd - dataStart) : offset;
    if (at < 0) {
      this.#host.anomaly(P2pAnomaly.BadTotal);
      return;
    }
    if (assembly.done) {
      if (at >= assembly.read) return;
      this.#host.anomaly(P2pAnomaly.Overlap);
      this.#rewritten(part);
      return;
    }
    if (total !== -1 && total !== assembly.total) this.#host.anomaly(P2pAnomaly.BadTotal);
    if (at + dataEnd - dataStart > assembly.total) this.#host.anomaly(P2pAnomaly.BeyondTotal);
    const added = assembly.add(part.buffer, dataStart, dataEnd, at);
    if (added === Added.Overlap) {
      this.#host.anomaly(P2pAnomaly.Overlap);
      this.#rewritten(part);
    }
    if (added === Added.Refused) this.#host.anomaly(P2pAnomaly.Hole);
    if (!assembly.worthReading) return;
    const { ready, complete } = assembly;
    const understood = this.#slp.read(
      part,
      packet,
      assembly.buffer,
      0,
      ready,
      complete,
      assembly.total,
    );
    if (complete && !understood) this.#host.anomaly(P2pAnomaly.SlpMalformed);
    if (complete || understood) assembly.finish();
  }

  #assemblyOf(part: PeerPart, packet: P2pPacket): Assembly | undefined {
    const { sender, fromClient } = part;
    const all = this.#assemblies;
    const i = this.#known(part, packet);
    const found = all[i];
    // Package numbers of version 2 come again: a first part begins anew.
    if (found !== undefined && !(packet.version === 2 && packet.offset === 0)) return found;
    if (found !== undefined) all.splice(i, 1);
    if (packet.total <= 0) {
      this.#host.anomaly(packet.total === 0 ? P2pAnomaly.BadTotal : P2pAnomaly.Hole);
      return undefined;
    }
    if (packet.total > SLP_LIMIT) this.#host.anomaly(P2pAnomaly.SlpTooLong);
    if (all.length >= ASSEMBLIES_LIMIT) {
      const finished = all.findIndex(({ done }) => done);
      if (finished === -1) this.#host.anomaly(P2pAnomaly.TableFull);
      all.splice(Math.max(0, finished), 1);
    }
    const assembly = new Assembly(sender, fromClient, packet.message, packet.total);
    all.push(assembly);
    return assembly;
  }
}

/** Invitations can be declined in the other party's name. */
const REFUSED: ReadonlySet<string> = new Set(['file.offer', 'call.offer', 'app.unknown']);

function spokenIn({ destination, source }: PeerPart): Spoken {
  if (destination === undefined && source === undefined) return Spoken.Either;
  const endpoints = (destination?.includes(';') ?? false) || (source?.includes(';') ?? false);
  return endpoints ? Spoken.Version2 : Spoken.Version1;
}

/**
 * Whether octets of a session are a file's or a picture's. An object is preceded by four zeros; calls and other
 * activities have data of their own; without an invitation the packet itself must say so.
 */
function isContent(part: PeerPart, packet: P2pPacket, dialog: Dialog | undefined): boolean {
  const { kind } = packet;
  if (packet.control && kind === PacketKind.Plain && dialog?.kind !== 'file') return false;
  if (kind !== PacketKind.Plain || dialog?.kind === 'file') return true;
  return dialog?.kind === 'object' && !isPreparation(part, packet);
}

/** Nothing, or the four zeros before an object. */
function isPreparation({ buffer }: PeerPart, { dataStart, dataEnd }: P2pPacket): boolean {
  if (dataEnd - dataStart > 4) return false;
  for (let at = dataStart; at < dataEnd; at++) if (buffer[at] !== 0) return false;
  return true;
}
