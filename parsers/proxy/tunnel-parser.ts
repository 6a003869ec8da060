/**
 * The words before a tunnel: both sides say their part, then every octet of either direction belongs to
 * whatever is inside. Holds a side's octets until its part is whole, and what a hasty client sends
 * behind its request until the proxy has answered.
 */
import { ANY_PROTOCOL, Direction, type FlowParser, type ParserSink, Status } from '../contract.ts';
import { OctetHold } from '../framing/octet-hold.ts';

/** What a side's octets are, seen from their start. */
export const Part = {
  More: 0,
  /** Not this protocol, or nothing that can be followed. */
  Broken: -1,
  /** The proxy would not; the client may ask again in the same connection. */
  Refused: -2,
} as const;

/** One kind of tunnel. A number above 0 is the length of the part, once it is whole. */
export interface TunnelWords {
  client(octets: Uint8Array): number;
  /** `refusal` is the length of a refusal, for Part.Refused. */
  server(octets: Uint8Array): number;
  readonly refusal: number;
  /** `HTTP CONNECT to host:port`, once the client's part is whole. */
  readonly label: string;
  /** Name of the host that is asked for, then; undefined where it is an address. */
  readonly host: string | undefined;
}

const LIMIT = 16_384; // octets held of one side
const SELF = 512; // octets of the parser itself: measured, and rounded up

export class TunnelParser implements FlowParser {
  readonly #words: TunnelWords;
  readonly #held = [new OctetHold(), new OctetHold()] as const;
  /** Length of the client's part; 0 until it is whole. */
  #asked = 0;

  constructor(words: TunnelWords) {
    this.#words = words;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const hold = this.#held[direction];
    if (hold.used + octets.length > LIMIT) return Status.Done;
    hold.append(octets, 0, octets.length);
    if (this.#asked === 0) {
      const length = this.#words.client(part(this.#held[0], 0));
      if (length < 0) return Status.Done;
      this.#asked = length;
      if (length > 0) this.#tell(sink);
    }
    if (this.#asked === 0) return Status.More;
    const granted = this.#words.server(part(this.#held[1], 0));
    if (granted === Part.Broken) return Status.Done;
    if (granted === Part.Refused) return this.#refused(sink);
    if (granted === Part.More) return Status.More;
    const toServer = part(this.#held[0], this.#asked);
    const toClient = part(this.#held[1], granted);
    sink.handOver(ANY_PROTOCOL, this.#words.label, toServer, toClient);
    return Status.HandOver;
  }

  /** Whose server it goes to is known before anything was exchanged with it, and where nothing inside tells. */
  #tell(sink: ParserSink): void {
    const { host, label } = this.#words;
    if (host === undefined) return;
    sink.identify({ evidence: 'host', hosts: [host], reason: `inside ${label}` });
  }

  gap(): Status {
    return Status.Done;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return SELF + this.#held[0].size + this.#held[1].size;
  }

  /** The next request may be in the same connection, and here already. */
  #refused(sink: ParserSink): Status {
    const { refusal } = this.#words;
    if (refusal <= 0) return Status.Done;
    const asked = this.#held[0].buffer.slice(this.#asked, this.#held[0].used);
    const answered = this.#held[1].buffer.slice(refusal, this.#held[1].used);
    this.#held[0].release();
    this.#held[1].release();
    this.#asked = 0;
    this.#held[1].append(answered, 0, answered.length);
    return this.push(Direction.ToServer, asked, sink);
  }
}

function part(hold: OctetHold, from: number): Uint8Array {
  return hold.buffer.subarray(from, hold.used);
}
