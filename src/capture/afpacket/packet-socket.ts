/**
 * An AF_PACKET socket (packet(7)) of one interface, from nothing to receiving, in the order that lets no
 * packet in before its filter and its fanout group are in place: made for no protocol, ring, a filter
 * that rejects everything, bind, fanout; `accept` puts the real filter in.
 */
import { CaptureError } from '../frame.ts';
import { errno, failure, libc, type MappedMemory, mapShared } from '../native/libc.ts';
import { type BpfProgram, REJECT_ALL, sockFprog } from './bpf-program.ts';
import type { Holding } from './holding.ts';
import {
  AF_PACKET,
  ETH_P_ALL,
  Fanout,
  Membership,
  PacketOption,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOCKADDR_LL,
  SOL_PACKET,
  SOL_SOCKET,
  SocketOption,
} from './packet-constants.ts';

export interface RingGeometry {
  readonly blockOctets: number;
  readonly blocks: number;
  readonly frameOctets: number;
  /** TPACKET_V3: milliseconds until the kernel hands over a block that is not full. */
  readonly retireAfter?: number;
}

const EPERM = 1;
const EACCES = 13;
const ENOPROTOOPT = 92;
const EOPNOTSUPP = 95;

/** The kernel, or what plays its part (gVisor), has packet sockets but not what we ask of them. */
export class UnsupportedByKernel extends CaptureError {}

/** A descriptor that receives nothing yet; negative where it is not permitted. */
export function openPacketSocket(): number {
  return libc().socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

export class PacketSocket {
  readonly fd: number;
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly #statistics = new Uint32Array(3);
  readonly #length = new Uint32Array(1);
  #ring: MappedMemory | undefined;
  #closed = false;
  #received = 0;
  #dropped = 0;
  #frozen = 0;
  /** Somebody else opened it: what fails here leaves it open. */
  readonly #isGiven: boolean;

  /** `fd`: as `openPacketSocket` made it, for a thread that may open none itself. Throws CaptureError. */
  constructor(interfaceName: string, interfaceIndex: number, fd?: number) {
    this.interfaceName = interfaceName;
    this.interfaceIndex = interfaceIndex;
    this.#isGiven = fd !== undefined;
    this.fd = fd ?? openPacketSocket();
    if (this.fd < 0) this.#fail('cannot open a packet socket');
  }

  /** Sets an option that takes one number; throws CaptureError where the kernel does not take it. */
  set(option: number, value: number): void {
    if (!this.trySet(SOL_PACKET, option, value)) this.#fail(`packet option ${option}`);
  }

  trySet(level: number, option: number, value: number): boolean {
    return libc().setsockopt(this.fd, level, option, Int32Array.of(value), 4) === 0;
  }

  /** Maps a receive ring; its version and header options must have been set. */
  mapRing(geometry: RingGeometry): MappedMemory {
    const { blockOctets, blocks, frameOctets, retireAfter } = geometry;
    const frames = Math.floor(blockOctets / frameOctets) * blocks;
    const request = [blockOctets, blocks, frameOctets, frames];
    if (retireAfter !== undefined) request.push(retireAfter, 0, 0);
    const octets = Int32Array.from(request);
    const size = blockOctets * blocks;
    const what = `cannot get a ring of ${Math.round(size / 2 ** 20)} MiB`;
    if (
      libc().setsockopt(this.fd, SOL_PACKET, PacketOption.RxRing, octets, octets.byteLength) !== 0
    ) {
      this.#fail(what);
    }
    this.#ring = mapShared(this.fd, size);
    if (this.#ring === undefined) this.#fail(what);
    return this.#ring;
  }

  /** Binds to the interface; nothing is received until `accept`. */
  bind(): void {
    this.#attach(REJECT_ALL);
    if (libc().bind(this.fd, this.#address(ETH_P_ALL), SOCKADDR_LL) !== 0) {
      this.#fail('cannot be listened to');
    }
  }

  /** Binds a socket that only sends. */
  bindToSend(): void {
    if (libc().bind(this.fd, this.#address(0), SOCKADDR_LL) !== 0) this.#fail('cannot be sent to');
  }

  /** Frames to every address come in, not only to ours. Ends with the socket. */
  joinAll(): void {
    for (const type of [Membership.Promiscuous, Membership.AllMulticast]) {
      const request = new Uint8Array(16); // struct packet_mreq
      const view = new DataView(request.buffer);
      view.setInt32(0, this.interfaceIndex, true);
      view.setUint16(4, type, true);
      const option = PacketOption.AddMembership;
      if (libc().setsockopt(this.fd, SOL_PACKET, option, request, request.length) !== 0) {
        this.#fail('cannot be made promiscuous');
      }
    }
  }

  /** Shares the interface's packets with the other sockets of the group, by flow. After `bind`. */
  joinFanout(group: number, defragment: boolean): void {
    const flags = Fanout.Hash | (defragment ? Fanout.FlagDefragment : 0);
    const value = ((group & 0xffff) | (flags << 16)) >>> 0;
    const octets = Uint32Array.of(value);
    if (libc().setsockopt(this.fd, SOL_PACKET, PacketOption.Fanout, octets, 4) !== 0) {
      this.#fail(`cannot join fanout group ${group}`);
    }
  }

  /** Lets in what the filter keeps. */
  accept(program: BpfProgram): void {
    this.#attach(program);
  }

  /** Lets nothing in any more, until `accept`. */
  rejectAll(): void {
    this.#attach(REJECT_ALL);
  }

  /** The filter stays what it is, whatever happens to this process (SO_LOCK_FILTER). */
  lockFilter(): void {
    this.trySet(SOL_SOCKET, SocketOption.LockFilter, 1);
  }

  /** The socket's error since the last time (it is cleared by asking), or 0: ENETDOWN when the interface went down. */
  takeError(): number {
    const value = new Int32Array(1);
    this.#length[0] = 4;
    libc().getsockopt(this.fd, SOL_SOCKET, SocketOption.Error, value, this.#length);
    return value[0] ?? 0;
  }

  /** Reads the kernel's counters, which begin again with each reading, into our sums. */
  readStatistics(): void {
    const statistics = this.#statistics;
    statistics.fill(0);
    this.#length[0] = statistics.byteLength;
    if (
      libc().getsockopt(this.fd, SOL_PACKET, PacketOption.Statistics, statistics, this.#length) !==
      0
    ) {
      return;
    }
    this.#received += statistics[0] ?? 0;
    this.#dropped += statistics[1] ?? 0;
    this.#frozen += statistics[2] ?? 0;
  }

  /** As of the last `readStatistics`; those dropped are among those received. */
  get received(): number {
    return this.#received;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get frozen(): number {
    return this.#frozen;
  }

  /** So that another thread can give it back. */
  holding(): Holding {
    const ring = this.#ring;
    return { fd: this.fd, address: ring?.address ?? 0, octets: ring?.buffer.byteLength ?? 0 };
  }

  close(): void {
    if (this.#closed) return; // the number may be another's by now
    this.#closed = true;
    // The mapping holds the socket: closing the descriptor alone would leave it receiving.
    this.#ring?.unmap();
    this.#ring = undefined;
    libc().close(this.fd);
  }

  #attach(program: BpfProgram): void {
    const fprog = sockFprog(program);
    const option = SocketOption.AttachFilter;
    if (libc().setsockopt(this.fd, SOL_SOCKET, option, fprog, fprog.length) !== 0) {
      this.#fail('the kernel refuses the packet filter');
    }
  }

  #address(protocol: number): Uint8Array {
    const octets = new Uint8Array(SOCKADDR_LL);
    const view = new DataView(octets.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, protocol, false);
    view.setInt32(4, this.interfaceIndex, true);
    return octets;
  }

  #fail(what: string): never {
    const number = errno();
    const why = failure();
    if (this.fd >= 0 && !this.#isGiven) this.close();
    const cure =
      number === EPERM || number === EACCES
        ? '; run it as root or with the capabilities CAP_NET_RAW and CAP_NET_ADMIN'
        : '';
    const unsupported = number === ENOPROTOOPT || number === EOPNOTSUPP;
    const Fault = unsupported ? UnsupportedByKernel : CaptureError;
    throw new Fault(this.interfaceName, 0, 0, `${what}: ${why}${cure}`);
  }
}
