/**
 * A direct connection between two clients (dossier §8): packets of P2P with a length before each and no
 * footer, after a handshake that tells by a nonce which offer it belongs to. Either of the two may connect.
 */
import { i32le } from '../../../src/bytes/read.ts';
import { ImEvent } from '../../../src/event/event.ts';
import {
  type Decision,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../../contract.ts';
import type { PeerHost, PeerPart } from '../conversation.ts';
import { NONCE } from '../p2p/guid.ts';
import { Flag, HEADER_V1 } from '../p2p/packet.ts';
import { PeerReader } from '../p2p/peer-reader.ts';
import { DirectAnomaly } from './anomalies.ts';
import { LENGTH, PacketFramer, type PacketListener } from './packet-framer.ts';
import { DirectParties } from './parties.ts';

const HELD = 2048; // octets of the parser itself and its offer
const FOO = Uint8Array.of(0x66, 0x6f, 0x6f, 0);
const NONCE_AT = 32; // in a handshake with a header of version 1
const NOTHING = new Uint8Array(0);
const PASSED: Decision = { action: 'pass', enforced: false };

export class DirectParser implements FlowParser, PacketListener {
  readonly #parties: DirectParties;
  readonly #reader: PeerReader;
  readonly #framers: readonly [PacketFramer, PacketFramer];
  readonly #unit: Unit;
  /** First octets of the last packet of each direction: session and message, whose further parts may pass. */
  readonly #last: [number, number] = [0, 0];
  readonly #nonces: [boolean, boolean] = [false, false];
  /** One object for all packets: files are many of them. */
  readonly #part: { -readonly [K in keyof PeerPart]: PeerPart[K] } = {
    buffer: NOTHING,
    start: 0,
    end: 0,
    fromClient: true,
    sender: undefined,
    recipients: [],
    destination: undefined,
    source: undefined,
  };
  /** Odd things about the packet under the hand. */
  #anomalies: readonly string[] | undefined = undefined;
  #begun = false;
  #ended = 0;
  #direction: Direction = Direction.ToServer;
  #sink: ParserSink | undefined = undefined;

  constructor(context: FlowContext) {
    this.#parties = new DirectParties(context);
    this.#framers = [new PacketFramer(context.midstream), new PacketFramer(context.midstream)];
    this.#begun = context.midstream;
    this.#reader = new PeerReader(this.#host(context), { footer: false });
    this.#unit = {
      direction: Direction.ToServer,
      start: 0,
      end: 0,
      textStart: -1,
      textEnd: -1,
      head: LENGTH,
      // A packet that is none would end the connection anyway.
      form: -1,
    };
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#direction = direction;
    this.#sink = sink;
    const framer = this.#framers[direction];
    framer.push(octets, this);
    if (framer.broken) {
      this.#anomalies = undefined;
      this.#anomaly(DirectAnomaly.PacketTooLong);
      this.#reader.end();
    }
    this.#sink = undefined;
    return framer.broken ? Status.Lost : Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    this.#direction = direction;
    this.#sink = sink;
    this.#anomalies = undefined;
    this.#framers[direction].gap(octets);
    this.#reader.gap();
    this.#sink = undefined;
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    this.#ended += 1;
    if (this.#ended < 2) return;
    this.#direction = direction;
    this.#sink = sink;
    this.#anomalies = undefined;
    this.#reader.end();
    this.#sink = undefined;
  }

  /** Further parts of a message whose first one was judged pass as they come. */
  holdFrom(direction: Direction): number {
    const framer = this.#framers[direction];
    const { pending, start } = framer;
    if (pending === -1 || start.length < LENGTH + 8) return pending;
    const session = i32le(start, LENGTH);
    return session !== 0 && (session ^ i32le(start, LENGTH + 4)) === this.#last[direction]
      ? -1
      : pending;
  }

  held(): number {
    return HELD + this.#framers[0].held + this.#framers[1].held + this.#reader.held();
  }

  /** A dialog inside the connection is declined as in a conversation: nobody can be told anything here. */
  replace(event: ImEvent): Replacement | undefined {
    const packets = this.#reader.refusalPackets(event);
    if (packets.length === 0) return undefined;
    const back = new Uint8Array(packets.reduce((sum, one) => sum + LENGTH + one.length, 0));
    let at = 0;
    for (const packet of packets) {
      new DataView(back.buffer).setUint32(at, packet.length, true);
      back.set(packet, at + LENGTH);
      at += LENGTH + packet.length;
    }
    return { forward: NOTHING, back };
  }

  packet(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    const direction = this.#direction;
    const length = end - start;
    if (!this.#begun && isFoo(buffer, start, end)) {
      this.#begun = true;
      this.#parties.connector = direction;
      return;
    }
    this.#begun = true;
    this.#unit.direction = direction;
    this.#unit.start = from;
    this.#anomalies = undefined;
    this.#unit.end = to;
    const nonceAt = length === NONCE && !this.#nonces[direction] ? 0 : nonceIn(buffer, start, end);
    if (nonceAt !== -1) {
      this.#nonce(buffer, start + nonceAt);
      return;
    }
    if (length === 0) return;
    if (!this.#nonces[0] && !this.#nonces[1] && this.#parties.connector !== -1) {
      this.#anomaly(DirectAnomaly.NoHandshake);
      this.#parties.connector = -1; // once
    }
    this.#last[direction] = i32le(buffer, start) ^ i32le(buffer, start + 4);
    const part = this.#part;
    part.buffer = buffer;
    part.start = start;
    part.end = end;
    part.fromClient = direction === Direction.ToServer;
    part.sender = this.#parties.sender(direction);
    part.recipients = this.#parties.recipients(direction);
    this.#reader.part(part);
    part.buffer = NOTHING; // lent
  }

  #anomaly(name: string): void {
    const before = this.#anomalies ?? [];
    if (!before.includes(name)) this.#anomalies = [...before, name];
    this.#sink?.anomaly(name, this.#direction);
  }

  #nonce(buffer: Uint8Array, at: number): void {
    const direction = this.#direction;
    if (this.#nonces[direction]) this.#anomaly(DirectAnomaly.SecondNonce);
    else if (!this.#parties.nonce(direction, buffer, at) && !this.#parties.known) {
      this.#anomaly(DirectAnomaly.UnknownNonce);
    }
    this.#nonces[direction] = true;
  }

  #host(context: FlowContext): PeerHost {
    return {
      context,
      newEvent: (kind) => {
        const event = new ImEvent(kind);
        const { account } = this.#parties;
        const sender = this.#parties.sender(this.#direction);
        const toServer = this.#direction === Direction.ToServer;
        event.service = 'msn';
        event.protocol = 'msn-direct';
        event.account = account;
        // The account's own words are the client's, whoever opened the connection.
        const own = account === undefined || sender === undefined ? toServer : sender === account;
        event.origin = own ? 'client' : 'server';
        return event;
      },
      say: (event) => {
        event.anomalies = this.#anomalies;
        return this.#sink?.event(event, this.#unit) ?? PASSED;
      },
      anomaly: (name) => this.#anomaly(name),
      expect: (connection, refused) => this.#sink?.expect(connection, refused),
    };
  }
}

function isFoo(buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start !== FOO.length) return false;
  for (let i = 0; i < FOO.length; i++) if (buffer[start + i] !== FOO[i]) return false;
  return true;
}

/** Where the nonce stands in a packet of handshake; -1 in any other. */
function nonceIn(buffer: Uint8Array, start: number, end: number): number {
  if (end - start !== HEADER_V1) return -1;
  return (i32le(buffer, start + 28) & Flag.Handshake) === 0 ? -1 : NONCE_AT;
}
