/**
 * Messages to netfilter's queue, written one behind the other into one buffer.
 *
 *     nlmsghdr   length(4) type(2) flags(2) sequence(4) port(4)   host byte order (linux/netlink.h)
 *     nfgenmsg   family(1) version(1) queue(2)                    big-endian (linux/netfilter/nfnetlink.h)
 *     nlattr     length(2) type(2) value, padded to 4 octets      host byte order; values are big-endian
 *
 * The host's byte order is little-endian wherever Node runs on Linux but s390x.
 */
import { padded } from './netlink-layout.ts';

const HEADERS = 20; // nlmsghdr and nfgenmsg
const ATTRIBUTE = 4;

export class NetlinkWriter {
  readonly buffer: Uint8Array;
  /** Octets of whole messages. */
  length = 0;
  #at = 0;

  constructor(capacity: number) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Whether a message with so many octets of attributes, their headers and padding included, fits. */
  fits(attributes: number): boolean {
    return this.length + HEADERS + attributes <= this.buffer.length;
  }

  begin(type: number, flags: number, sequence: number, queue: number): void {
    const { buffer } = this;
    const at = this.length;
    buffer.fill(0, at, at + HEADERS);
    buffer[at + 4] = type & 255;
    buffer[at + 5] = type >>> 8;
    buffer[at + 6] = flags & 255;
    buffer[at + 7] = flags >>> 8;
    buffer[at + 8] = sequence & 255;
    buffer[at + 9] = (sequence >>> 8) & 255;
    buffer[at + 10] = (sequence >>> 16) & 255;
    buffer[at + 11] = sequence >>> 24;
    buffer[at + 18] = (queue >>> 8) & 255;
    buffer[at + 19] = queue & 255;
    this.#at = at + HEADERS;
  }

  word(type: number, value: number): void {
    this.#attribute(type, 4);
    this.#put32(value);
  }

  words(type: number, first: number, second: number): void {
    this.#attribute(type, 8);
    this.#put32(first);
    this.#put32(second);
  }

  octets(type: number, source: Uint8Array, start: number, end: number): void {
    this.#attribute(type, end - start);
    const at = this.#at;
    this.#at = at + padded(end - start);
    this.buffer.fill(0, at + (end - start), this.#at);
    // A packet is copied octet by octet where it is short: no view of it is made.
    if (end - start > 256) this.buffer.set(source.subarray(start, end), at);
    else for (let i = start; i < end; i++) this.buffer[at + i - start] = source[i] ?? 0;
  }

  end(): void {
    const { buffer } = this;
    const length = this.#at - this.length;
    buffer[this.length] = length & 255;
    buffer[this.length + 1] = (length >>> 8) & 255;
    buffer[this.length + 2] = (length >>> 16) & 255;
    this.length = this.#at;
  }

  clear(): void {
    this.length = 0;
  }

  #attribute(type: number, octets: number): void {
    const { buffer } = this;
    const length = ATTRIBUTE + octets;
    buffer[this.#at] = length & 255;
    buffer[this.#at + 1] = length >>> 8;
    buffer[this.#at + 2] = type;
    buffer[this.#at + 3] = 0;
    this.#at += ATTRIBUTE;
  }

  #put32(value: number): void {
    const { buffer } = this;
    buffer[this.#at] = value >>> 24;
    buffer[this.#at + 1] = (value >>> 16) & 255;
    buffer[this.#at + 2] = (value >>> 8) & 255;
    buffer[this.#at + 3] = value & 255;
    this.#at += 4;
  }
}
