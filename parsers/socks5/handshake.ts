/**
 * The words before the content of a SOCKS5 bytestream (RFC 1928 §3-6):
 *
 *   client  05 n method*n         server  05 00
 *   client  request (probe.ts)    server  05 status 00 type address port
 *   type 01: 4 octets, 03: length and that many, 04: 16 octets; then 2 octets of port
 */
import { utf8 } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { PROBE_LIMIT, probeRequest, REQUEST_LENGTH, TOKEN_AT, TOKEN_LENGTH } from './probe.ts';

export const Handshake = {
  More: 0,
  /** Both sides have said their part; content follows. */
  Open: 1,
  /** The server would not: another host may. */
  Refused: 2,
  /** Not a bytestream. */
  Broken: 3,
} as const;
export type Handshake = (typeof Handshake)[keyof typeof Handshake];

const MAX_HELD = PROBE_LIMIT; // octets of one side; the server's part is shorter
const GRANTED = 0;

export class Socks5Handshake {
  readonly #held: [Uint8Array, Uint8Array] = [new Uint8Array(0), new Uint8Array(0)];
  readonly #done: [boolean, boolean] = [false, false];
  token: string | undefined = undefined;
  /** Octets of the last push that belonged to the handshake. */
  used = 0;

  get held(): number {
    return this.#held[0].length + this.#held[1].length;
  }

  over(direction: Direction): boolean {
    return this.#done[direction];
  }

  push(direction: Direction, octets: Uint8Array): Handshake {
    const before = this.#held[direction].length;
    const take = Math.min(octets.length, MAX_HELD - before);
    const all = new Uint8Array(before + take);
    all.set(this.#held[direction]);
    all.set(octets.subarray(0, take), before);
    const length = direction === Direction.ToServer ? this.#client(all) : this.#server(all);
    if (length < 0) return length === -1 ? Handshake.Broken : Handshake.Refused;
    if (length === 0) {
      this.#held[direction] = all;
      this.used = octets.length;
      return take < octets.length ? Handshake.Broken : Handshake.More;
    }
    this.#held[direction] = new Uint8Array(0);
    this.#done[direction] = true;
    this.used = length - before;
    return this.#done[0] && this.#done[1] ? Handshake.Open : Handshake.More;
  }

  /** Length of the client's part once it is whole, 0 before, -1 when it is none. */
  #client(all: Uint8Array): number {
    if (all.length > 0 && all[0] !== 5) return -1;
    if (all.length < 2) return 0;
    const at = 2 + (all[1] ?? 0);
    const answer = probeRequest(all, at);
    if (answer === Probe.No) return -1;
    if (answer === Probe.More) return 0;
    this.token = utf8(all, at + TOKEN_AT, at + TOKEN_AT + TOKEN_LENGTH).toLowerCase();
    return at + REQUEST_LENGTH;
  }

  /** The same of the server's part; -2 when it refuses. Whatever address it answers is accepted. */
  #server(all: Uint8Array): number {
    if (all.length > 0 && all[0] !== 5) return -1;
    if (all.length > 1 && all[1] !== 0) return -2;
    if (all.length > 2 && all[2] !== 5) return -1;
    if (all.length > 3 && all[3] !== GRANTED) return -2;
    if (all.length < 7) return 0;
    const type = all[5];
    if (type !== 1 && type !== 3 && type !== 4) return -1;
    const address = type === 1 ? 4 : type === 4 ? 16 : 1 + (all[6] ?? 0);
    const length = 6 + address + 2;
    return all.length >= length ? length : 0;
  }
}
