/** Ethernet, IPv4 and TCP headers made by hand, for tests that need many flows. */
import type { StoredFrame } from './frames.ts';
import { put16, put32 } from './headers.ts';

export const Flag = { Fin: 1, Syn: 2, Rst: 4, Psh: 8, Ack: 16 } as const;

export interface Endpoint {
  /** IPv4, as an unsigned 32-bit number. */
  readonly address: number;
  readonly port: number;
}

const HEADERS = 54; // octets

/** One TCP segment; checksums are left 0. */
export function tcpFrame(
  from: Endpoint,
  to: Endpoint,
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
  time: number,
): StoredFrame {
  const octets = new Uint8Array(HEADERS + payload.length);
  put16(octets, 12, 0x0800);
  octets[14] = 0x45;
  put16(octets, 16, HEADERS - 14 + payload.length);
  octets[22] = 64; // TTL
  octets[23] = 6; // TCP
  put32(octets, 26, from.address);
  put32(octets, 30, to.address);
  put16(octets, 34, from.port);
  put16(octets, 36, to.port);
  put32(octets, 38, sequence);
  put32(octets, 42, acknowledgement);
  octets[46] = 5 << 4; // data offset
  octets[47] = flags;
  put16(octets, 48, 0xffff); // window
  octets.set(payload, HEADERS);
  return { octets, originalLength: octets.length, linkType: 1, time };
}

/** One connection: packets of either side with running sequence numbers. */
export class TcpTalk {
  readonly #ends: readonly [Endpoint, Endpoint];
  readonly #sequence: [number, number] = [1000, 5000];
  #time: number;

  constructor(client: Endpoint, server: Endpoint, time: number) {
    this.#ends = [client, server];
    this.#time = time;
  }

  open(): StoredFrame[] {
    const nothing = new Uint8Array(0);
    const syn = this.#frame(0, Flag.Syn, nothing);
    this.#sequence[0]++;
    const answer = this.#frame(1, Flag.Syn | Flag.Ack, nothing);
    this.#sequence[1]++;
    return [syn, answer, this.#frame(0, Flag.Ack, nothing)];
  }

  /** 0: from the client, 1: from the server. */
  say(by: 0 | 1, payload: Uint8Array): StoredFrame {
    const frame = this.#frame(by, Flag.Ack | Flag.Psh, payload);
    this.#sequence[by] += payload.length;
    return frame;
  }

  #frame(by: 0 | 1, flags: number, payload: Uint8Array): StoredFrame {
    const [client, server] = this.#ends;
    const [from, to] = by === 0 ? [client, server] : [server, client];
    this.#time += 1;
    const acknowledged = (flags & Flag.Ack) === 0 ? 0 : this.#sequence[by === 0 ? 1 : 0];
    return tcpFrame(from, to, this.#sequence[by], acknowledged, flags, payload, this.#time);
  }
}
