/** The netlink socket of one netfilter queue: opening and binding it, reading in batches, sending verdicts. */
import { i32le, u16le } from '../../bytes/read.ts';
import { CaptureError } from '../frame.ts';
import { addressOf, errno, failure, libc } from '../native/libc.ts';
import {
  ConfigAttribute,
  MessageType,
  MOST_COPIED,
  NetlinkFlag,
  QueueFlag,
} from './netlink-layout.ts';
import { NetlinkWriter } from './netlink-writer.ts';
import { queueStatistics } from './queue-statistics.ts';

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const NETLINK_NETFILTER = 12;
const SOL_SOCKET = 1;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;
const NETLINK_CAP_ACK = 10;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
const EPERM = 1;
const EINTR = 4;
const EAGAIN = 11;
const EBUSY = 16;
const ENOBUFS = 105;
const CONFIG_BIND = 1; // NFQNL_CFG_CMD_BIND
const COPY_PACKET = 2; // NFQNL_COPY_PACKET
const SOCKADDR_NL = 12;
const MMSGHDR_WORDS = 16; // 64 octets
const ANSWER_WAIT = 2000; // ms; the kernel answers within the call that asks

/** Messages read by one call. */
const BATCH = 64;
/** Octets of a slot: what stands before a message, a datagram of 64 KiB, and its other attributes. */
const SLOT = 68 * 1024;
/** Octets before each message, for who reads it: a virtio_net_hdr has its place there. */
export const HEADROOM = 16;
/** Large enough for a verdict with 64 KiB and what was gathered before it. */
const SEND_BUFFER = 2 << 20;

export interface QueueSocketOptions {
  readonly queue: number;
  /** Packets that wait in the kernel for a verdict. */
  readonly maxLength: number;
  /** A packet for which the queue or the socket has no room goes on, instead of being dropped. */
  readonly failOpen: boolean;
  /** Octets of packets that wait to be read. */
  readonly receiveOctets: number;
}

export class QueueSocket {
  /** All slots: message i is buffer[slot(i), slot(i) + length(i)), HEADROOM octets before it are free. */
  readonly buffer = new Uint8Array(BATCH * SLOT);
  /** Calls that found the receive buffer overrun (only a kernel without NETLINK_NO_ENOBUFS). */
  overruns = 0;
  readonly #fd: number;
  readonly #name: string;
  readonly #headers = new Uint32Array(BATCH * MMSGHDR_WORDS);
  readonly #vectors = new Uint32Array(BATCH * 4);
  readonly #senders = new Uint32Array(BATCH * (SOCKADDR_NL / 4));
  readonly #poll = new Int32Array(2);

  get fd(): number {
    return this.#fd;
  }

  private constructor(fd: number, name: string) {
    this.#fd = fd;
    this.#name = name;
    this.#poll[0] = fd;
    this.#poll[1] = POLLIN;
    const buffer = addressOf(this.buffer);
    const vectors = addressOf(this.#vectors);
    const senders = addressOf(this.#senders);
    for (let i = 0; i < BATCH; i++) {
      // struct mmsghdr: name(8) namelen(4+4) iov(8) iovlen(8) control(8) controllen(8) flags(4+4) length(4+4)
      const at = i * MMSGHDR_WORDS;
      putAddress(this.#headers, at, senders + i * SOCKADDR_NL);
      this.#headers[at + 2] = SOCKADDR_NL;
      putAddress(this.#headers, at + 4, vectors + i * 16);
      this.#headers[at + 6] = 1;
      putAddress(this.#vectors, i * 4, buffer + this.slot(i));
      this.#vectors[i * 4 + 2] = SLOT - HEADROOM;
    }
  }

  /** Throws CaptureError: no permission, a queue that another process reads. */
  static open(options: QueueSocketOptions): QueueSocket {
    const name = `netfilter queue ${options.queue}`;
    const fd = libc().socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
    if (fd < 0) throw new CaptureError(name, 0, 0, `no netlink socket: ${failure()}`);
    const socket = new QueueSocket(fd, name);
    try {
      socket.#configure(options);
    } catch (error) {
      socket.close();
      throw error;
    }
    return socket;
  }

  slot(i: number): number {
    return i * SLOT + HEADROOM;
  }

  /** Octets of message i; 0 where the kernel did not send it. */
  length(i: number): number {
    if (this.#senders[i * 3 + 1] !== 0) return 0; // sockaddr_nl: family(2) pad(2) port(4) groups(4)
    return this.#headers[i * MMSGHDR_WORDS + 14] ?? 0;
  }

  /** How many messages there are now, 0 to BATCH. Throws CaptureError when the socket is lost. */
  receive(): number {
    const count = libc().recvmmsg(this.#fd, this.#headers, BATCH, MSG_DONTWAIT, null);
    if (count >= 0) {
      for (let i = 0; i < count; i++) this.#headers[i * MMSGHDR_WORDS + 2] = SOCKADDR_NL;
      return count;
    }
    const error = errno();
    if (error === ENOBUFS) this.overruns++;
    else if (error !== EAGAIN && error !== EINTR) this.#fail(`cannot be read: ${failure()}`);
    return 0;
  }

  /** Waits until there is something to read, at most so many milliseconds. */
  wait(milliseconds: number): void {
    libc().poll(this.#poll, 1, milliseconds);
  }

  /** False where the kernel takes none of it. Errors about single verdicts come back as messages. */
  send(buffer: Uint8Array, length: number): boolean {
    const kernel = KERNEL;
    return libc().sendto(this.#fd, buffer, length, 0, kernel, SOCKADDR_NL) === length;
  }

  close(): void {
    libc().close(this.#fd);
  }

  #configure(options: QueueSocketOptions): void {
    const { bind, setsockopt } = libc();
    const one = Int32Array.of(1);
    // Without them the box works, only with less room: no error.
    setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, Int32Array.of(options.receiveOctets), 4);
    setsockopt(this.#fd, SOL_SOCKET, SO_SNDBUFFORCE, Int32Array.of(SEND_BUFFER), 4);
    setsockopt(this.#fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, one, 4);
    setsockopt(this.#fd, SOL_NETLINK, NETLINK_CAP_ACK, one, 4);
    if (bind(this.#fd, KERNEL, SOCKADDR_NL) !== 0) this.#fail(`no netlink address: ${failure()}`);
    const message = configMessage(options);
    if (!this.send(message.buffer, message.length)) this.#fail(`cannot be set up: ${failure()}`);
    const answer = this.#answer();
    if (answer === 0) return;
    // The kernel has one word for a queue that is somebody else's and for want of privilege.
    const isTaken = answer === EBUSY || queueStatistics(options.queue) !== undefined;
    if (isTaken) {
      this.#fail('another process reads it already; choose another number, or end that process');
    }
    if (answer === EPERM) this.#fail('not permitted; run as root or with CAP_NET_ADMIN');
    this.#fail(`the kernel refuses it (errno ${answer}); is nfnetlink_queue there?`);
  }

  /** errno of the acknowledgement, 0: done. */
  #answer(): number {
    const until = performance.now() + ANSWER_WAIT;
    while (performance.now() < until) {
      this.wait(100);
      const count = this.receive();
      for (let i = 0; i < count; i++) {
        const at = this.slot(i);
        if (this.length(i) >= 20 && u16le(this.buffer, at + 4) === MessageType.Error) {
          return -i32le(this.buffer, at + 16);
        }
        // A packet came before the answer: it is dropped with the other ones that nobody gave a verdict,
        // which cannot be: the queue has no packets for us before the kernel has made it.
      }
    }
    this.#fail('the kernel does not answer');
  }

  #fail(what: string): never {
    throw new CaptureError(this.#name, 0, 0, what);
  }
}

/** struct sockaddr_nl of the kernel, which also lets it choose our own port. */
const KERNEL = Uint16Array.of(AF_NETLINK, 0, 0, 0, 0, 0);

/** Tells the kernel of a queue of ours what to do with what has no room. */
export function flagsMessage(queue: number, failOpen: boolean): NetlinkWriter {
  const writer = new NetlinkWriter(64);
  writer.begin(MessageType.Config, NetlinkFlag.Request, 0, queue);
  writer.word(ConfigAttribute.Mask, QueueFlag.FailOpen);
  writer.word(ConfigAttribute.Flags, failOpen ? QueueFlag.FailOpen : 0);
  writer.end();
  return writer;
}

/** Tells the kernel how many packets may wait in a queue of ours. */
export function lengthMessage(queue: number, packets: number): NetlinkWriter {
  const writer = new NetlinkWriter(64);
  writer.begin(MessageType.Config, NetlinkFlag.Request, 0, queue);
  writer.word(ConfigAttribute.MaxLength, packets);
  writer.end();
  return writer;
}

/** One message for all: between two, packets would find a queue that does not copy yet. */
export function configMessage(options: QueueSocketOptions): NetlinkWriter {
  const writer = new NetlinkWriter(256);
  const flags = QueueFlag.Offload | (options.failOpen ? QueueFlag.FailOpen : 0);
  const { Request, Acknowledge } = NetlinkFlag;
  writer.begin(MessageType.Config, Request | Acknowledge, 1, options.queue);
  writer.octets(ConfigAttribute.Command, Uint8Array.of(CONFIG_BIND, 0, 0, 0), 0, 4);
  const range = MOST_COPIED;
  const parameters = Uint8Array.of(0, 0, range >>> 8, range & 255, COPY_PACKET);
  writer.octets(ConfigAttribute.Parameters, parameters, 0, parameters.length);
  writer.word(ConfigAttribute.MaxLength, options.maxLength);
  writer.word(ConfigAttribute.Mask, QueueFlag.Offload | QueueFlag.FailOpen);
  writer.word(ConfigAttribute.Flags, flags);
  writer.end();
  return writer;
}

function putAddress(words: Uint32Array, at: number, address: number): void {
  words[at] = address >>> 0;
  words[at + 1] = Math.floor(address / 2 ** 32);
}
