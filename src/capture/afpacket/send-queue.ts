/**
 * Frames on their way out of one interface, in order: those that lie in a receive ring are sent from
 * there, others from a copy. A batch leaves with one sendmmsg(2).
 *
 *     struct mmsghdr (64): name(8) namelen(4+4) iov(8) iovlen(8) control(8) controllen(8) flags(4+4) len(4+4)
 *     struct iovec (16): base(8) length(8)
 */
import { VIRTIO_HEADER } from '../frame.ts';
import { addressOf, errno, libc } from '../native/libc.ts';
import {
  MSG_DONTWAIT,
  PacketOption,
  POLLOUT,
  SOL_PACKET,
  SOL_SOCKET,
  SocketOption,
} from './packet-constants.ts';
import { PacketSocket } from './packet-socket.ts';
import { PollSet } from './poll-set.ts';

/** Frames a batch. */
const FRAMES = 256;
const HEADER_WORDS = 16;
const VECTOR_WORDS = 4;
/** Octets of copies a batch: a few superframes. */
const ARENA = 1 << 20;
/** Octets under way in the kernel; it is told when a device or queue is slow, and waits. */
const SEND_BUFFER = 16 << 20;
/** Milliseconds that one batch may wait for a device or queue that is full. */
const PATIENCE = 50;
/** Tries that cost nothing but a call, before waiting. */
const QUICK_TRIES = 8;

const EINTR = 4;
const EAGAIN = 11;
const ENOMEM = 12;
const ENXIO = 6;
const ENODEV = 19;
const EMSGSIZE = 90;
const ENETDOWN = 100;
const ENOBUFS = 105;

/** Why frames did not go out. */
export interface SendFailures {
  /** The device or its queue was full for longer than a bridge may wait. */
  noRoom: number;
  /** Larger than the MTU of this side. */
  tooLong: number;
  /** The interface was down. */
  down: number;
  /** Anything else; `lastErrno` is the last of them. */
  refused: number;
  lastErrno: number;
}

export class SendQueue {
  readonly failures: SendFailures = { noRoom: 0, tooLong: 0, down: 0, refused: 0, lastErrno: 0 };
  readonly #socket: PacketSocket;
  readonly #headers = new Uint32Array(FRAMES * HEADER_WORDS);
  readonly #vectors = new Uint32Array(FRAMES * VECTOR_WORDS);
  /** 1 for each queued frame that is a superframe. */
  readonly #segmented = new Uint8Array(FRAMES);
  readonly #arena = new Uint8Array(ARENA);
  readonly #arenaAddress = addressOf(this.#arena);
  readonly #writable: PollSet;
  readonly #pause = new PollSet([], 0);
  #arenaUsed = 0;
  #queued = 0;
  #sent = 0;
  #sentOctets = 0;
  #waits = 0;
  /** Frames go to the device past the traffic control of this machine: a wire has none. */
  #bypass: boolean;
  #closed = false;

  /** `fd`: a packet socket that somebody else opened. Throws CaptureError. */
  constructor(interfaceName: string, interfaceIndex: number, fd?: number) {
    const socket = new PacketSocket(interfaceName, interfaceIndex, fd);
    socket.set(PacketOption.VnetHeader, 1);
    this.#bypass = socket.trySet(SOL_PACKET, PacketOption.QdiscBypass, 1);
    socket.trySet(SOL_SOCKET, SocketOption.SendBufferForce, SEND_BUFFER);
    socket.bindToSend();
    this.#socket = socket;
    this.#writable = new PollSet([socket.fd], POLLOUT);
    const vectors = addressOf(this.#vectors);
    for (let n = 0; n < FRAMES; n++) {
      const header = n * HEADER_WORDS;
      setAddress(this.#headers, header + 4, vectors + n * VECTOR_WORDS * 4);
      this.#headers[header + 6] = 1;
    }
  }

  get sent(): number {
    return this.#sent;
  }

  /** Octets of frames, without their virtio headers. */
  get sentOctets(): number {
    return this.#sentOctets;
  }

  /** Times a batch had to wait for a device. */
  get waits(): number {
    return this.#waits;
  }

  get socket(): PacketSocket {
    return this.#socket;
  }

  /** Frames that wait for `flush`. */
  get queued(): number {
    return this.#queued;
  }

  /** The kernel's traffic control is passed by. */
  get bypass(): boolean {
    return this.#bypass;
  }

  /**
   * A virtio header and its frame at that address; they must stay there until `flush`.
   *
   * @param segmented the header asks for segmentation: a superframe
   */
  push(address: number, octets: number, segmented: boolean): void {
    if (this.#queued === FRAMES) this.flush();
    const vector = this.#queued * VECTOR_WORDS;
    setAddress(this.#vectors, vector, address);
    this.#vectors[vector + 2] = octets;
    this.#segmented[this.#queued] = segmented ? 1 : 0;
    this.#queued++;
  }

  /** A frame elsewhere: copied. `virtio`: where its virtio header stands in `buffer`, or -1. */
  pushCopy(buffer: Uint8Array, start: number, end: number, virtio: number): void {
    const octets = VIRTIO_HEADER + end - start;
    if (octets > ARENA) {
      this.failures.tooLong++;
      return;
    }
    if (this.#queued === FRAMES || this.#arenaUsed + octets > ARENA) this.flush();
    const at = this.#arenaUsed;
    const frame = at + VIRTIO_HEADER;
    const arena = this.#arena;
    if (virtio < 0) arena.fill(0, at, frame);
    else copy(buffer, virtio, virtio + VIRTIO_HEADER, arena, at);
    copy(buffer, start, end, arena, frame);
    this.#arenaUsed = at + octets;
    this.push(this.#arenaAddress + at, octets, isSegmented(arena, at));
  }

  /** Sends what is queued. What cannot go out is counted. */
  flush(): void {
    const queued = this.#queued;
    if (queued === 0) return;
    this.#queued = 0;
    this.#arenaUsed = 0;
    if (this.#closed) {
      this.failures.down += queued;
      return;
    }
    const { sendmmsg } = libc();
    const { fd } = this.#socket;
    let done = 0;
    let tries = 0;
    let deadline = 0;
    while (done < queued) {
      const headers = done === 0 ? this.#headers : this.#headers.subarray(done * HEADER_WORDS);
      const sent = sendmmsg(fd, headers, queued - done, MSG_DONTWAIT);
      if (sent > 0) {
        this.#account(done, sent);
        done += sent;
        tries = 0;
        continue;
      }
      const error = errno();
      if (error === EINTR) continue;
      if (error === EAGAIN || error === ENOBUFS || error === ENOMEM) {
        if (tries++ < QUICK_TRIES) continue;
        const now = performance.now();
        if (deadline === 0) {
          deadline = now + PATIENCE;
          this.#waits++;
        }
        // Straight to the device, the kernel does not cut a superframe that the device cannot: packet_direct_xmit
        // drops it, now and always, and it looks like a full device. Through traffic control it is cut. All
        // frames go that way then, in order.
        if (this.#bypass && this.#segmented[done] === 1 && now > deadline - PATIENCE / 2) {
          this.#bypass = !this.#socket.trySet(SOL_PACKET, PacketOption.QdiscBypass, 0);
        }
        if (now < deadline) {
          // A full socket says when it has room; a full device does not.
          if (error === EAGAIN) this.#writable.wait(1);
          else this.#pause.wait(1);
          continue;
        }
      }
      this.#fail(error);
      done++;
    }
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  #account(first: number, frames: number): void {
    this.#sent += frames;
    let octets = 0;
    for (let n = first; n < first + frames; n++) {
      octets += (this.#vectors[n * VECTOR_WORDS + 2] ?? 0) - VIRTIO_HEADER;
    }
    this.#sentOctets += octets;
  }

  #fail(error: number): void {
    const { failures } = this;
    switch (error) {
      case EAGAIN:
      case ENOBUFS:
      case ENOMEM:
        failures.noRoom++;
        break;
      case EMSGSIZE:
        failures.tooLong++;
        break;
      case ENETDOWN:
      case ENXIO:
      case ENODEV:
        failures.down++;
        break;
      default:
        failures.refused++;
        failures.lastErrno = error;
    }
  }
}

/** The virtio header asks for segmentation (gso_type is not VIRTIO_NET_HDR_GSO_NONE). */
export function isSegmented(buffer: Uint8Array, virtio: number): boolean {
  return (buffer[virtio + 1] ?? 0) !== 0;
}

function setAddress(words: Uint32Array, at: number, address: number): void {
  words[at] = address >>> 0;
  words[at + 1] = Math.floor(address / 2 ** 32);
}

/** Octet by octet where it is short: `subarray` would make an object for each call. */
function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > 256) to.set(from.subarray(start, end), at);
  else for (let n = start; n < end; n++) to[at + n - start] = from[n] ?? 0;
}
