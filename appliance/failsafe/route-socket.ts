/**
 * Asks the kernel's route netlink and waits for its answer (netlink(7)). Synchronous: the kernel answers
 * within the call. One buffer for every answer, so that the critical path allocates next to nothing.
 */
import { endianness } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { errno, failure, libc } from '../../src/capture/native/libc.ts';
import { attributesIn, LINK_HEADER, NETLINK_HEADER, textIn } from './netlink-message.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
/** Answers do not repeat the question. */
const NETLINK_CAP_ACK = 10;
/** Answers say in words what was wrong. */
const NETLINK_EXT_ACK = 11;
const NLMSG_ERROR = 2;
/** In the flags of an answer: words follow. */
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const EINTR = 4;
/** A link with all its attributes is some 2 KiB; the kernel cuts what does not fit, and we see less. */
const ANSWER = 32 * 1024;
const LITTLE = endianness() === 'LE';

/** The kernel said no. */
export class RouteError extends Error {
  /** As in errno: 1 is EPERM. */
  readonly number: number;

  constructor(number: number, words: string | undefined) {
    const [name, text] = getSystemErrorMap().get(-number) ?? [`errno ${number}`, 'system error'];
    super(words === undefined || words === '' ? `${name}: ${text}` : `${name}: ${words}`);
    this.name = 'RouteError';
    this.number = number;
  }
}

/** What the kernel says of one link. */
export interface LinkAnswer {
  readonly index: number;
  readonly flags: number;
  readonly attributes: Map<number, Uint8Array>;
}

export class RouteSocket {
  readonly #fd: number;
  readonly #address: Uint8Array;
  readonly #answer = new Uint8Array(ANSWER);
  readonly #view = new DataView(this.#answer.buffer);
  #sequence = 0;

  constructor() {
    this.#fd = libc().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
    if (this.#fd < 0) throw new Error(`route netlink: ${failure()}`);
    const on = Int32Array.of(1);
    libc().setsockopt(this.#fd, SOL_NETLINK, NETLINK_CAP_ACK, on, 4);
    libc().setsockopt(this.#fd, SOL_NETLINK, NETLINK_EXT_ACK, on, 4);
    // sockaddr_nl: family(2) pad(2) port(4) groups(4); port 0 is the kernel.
    this.#address = new Uint8Array(12);
    new DataView(this.#address.buffer).setUint16(0, AF_NETLINK, LITTLE);
  }

  /** Sends a request made by `linkRequest`; throws RouteError where the kernel refuses. Returns the link, where it was asked for. */
  request(message: Uint8Array): LinkAnswer | undefined {
    this.#sequence = (this.#sequence + 1) >>> 0;
    new DataView(message.buffer, message.byteOffset).setUint32(8, this.#sequence, LITTLE);
    const sent = libc().sendto(this.#fd, message, message.length, 0, this.#address, 12);
    if (sent < 0) throw new RouteError(errno(), undefined);
    let link: LinkAnswer | undefined;
    for (;;) {
      const length = Number(libc().recv(this.#fd, this.#answer, ANSWER, 0));
      if (length < 0) {
        if (errno() === EINTR) continue;
        throw new RouteError(errno(), undefined);
      }
      let at = 0;
      while (at + NETLINK_HEADER <= length) {
        const size = this.#view.getUint32(at, LITTLE);
        if (size < NETLINK_HEADER || at + size > length) break;
        if (this.#view.getUint32(at + 8, LITTLE) === this.#sequence) {
          if (this.#view.getUint16(at + 4, LITTLE) === NLMSG_ERROR) {
            this.#throwIfRefused(at, size);
            return link;
          }
          link = this.#link(at, size);
        }
        at += (size + 3) & ~3;
      }
    }
  }

  close(): void {
    libc().close(this.#fd);
  }

  /** nlmsgerr: error(4), then the header that was asked (16), then words. */
  #throwIfRefused(at: number, size: number): void {
    const error = -this.#view.getInt32(at + NETLINK_HEADER, LITTLE);
    if (error === 0) return;
    const inWords = (this.#view.getUint16(at + 6, LITTLE) & NLM_F_ACK_TLVS) !== 0;
    const words = inWords
      ? attributesIn(this.#answer, at + NETLINK_HEADER + 4 + NETLINK_HEADER, at + size)
      : undefined;
    throw new RouteError(error, textIn(words?.get(NLMSGERR_ATTR_MSG)));
  }

  /** Copied: the answer that ends the request is read into the same buffer. */
  #link(at: number, size: number): LinkAnswer {
    const octets = this.#answer.slice(at, at + size);
    return {
      index: this.#view.getInt32(at + 20, LITTLE),
      flags: this.#view.getUint32(at + 24, LITTLE),
      attributes: attributesIn(octets, NETLINK_HEADER + LINK_HEADER, size),
    };
  }
}
