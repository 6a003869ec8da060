/**
 * One end of a cable for a station of the lab: whole frames in and out through AF_PACKET, with their
 * VLAN tag apart, as the kernel hands them over. Written apart from the product's rings, and slow.
 * Layouts: linux/if_packet.h, struct tpacket2_hdr.
 */
import {
  errno,
  failure,
  libc,
  type MappedMemory,
  mapShared,
} from '../../../../src/capture/native/libc.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_MR_PROMISC = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V2 = 1;

const TP_STATUS_USER = 1;
const TP_STATUS_VLAN_VALID = 1 << 4;
const ENOBUFS = 105;
const EAGAIN = 11;

/** Room for a jumbo frame of 9000 octets and its header. */
const SLOT = 16_384; // octets
const SLOTS = 1024;
const BLOCK = 1 << 20; // octets

export class RawPort {
  readonly fd: number;
  readonly #ring: MappedMemory;
  readonly #octets: Uint8Array;
  readonly #view: DataView;
  readonly #address: Uint8Array;
  #next = 0;

  constructor(interfaceName: string) {
    const c = libc();
    const index = c.if_nametoindex(interfaceName);
    if (index === 0) throw new Error(`${interfaceName}: no such interface`);
    this.fd = c.socket(AF_PACKET, SOCK_RAW, 0);
    if (this.fd < 0) throw new Error(`socket: ${failure()}`);
    this.#set(PACKET_VERSION, [TPACKET_V2]);
    this.#set(PACKET_IGNORE_OUTGOING, [1]);
    this.#set(PACKET_RX_RING, [BLOCK, (SLOT * SLOTS) / BLOCK, SLOT, SLOTS]);
    const ring = mapShared(this.fd, SLOT * SLOTS);
    if (ring === undefined) throw new Error(`mmap: ${failure()}`);
    this.#ring = ring;
    this.#octets = new Uint8Array(ring.buffer);
    this.#view = new DataView(ring.buffer);
    // struct sockaddr_ll: family(2) protocol(2, network order) ifindex(4) hatype(2) pkttype(1) halen(1) addr(8)
    this.#address = new Uint8Array(20);
    const address = new DataView(this.#address.buffer);
    address.setUint16(0, AF_PACKET, true);
    address.setUint16(2, ETH_P_ALL);
    address.setUint32(4, index, true);
    if (c.bind(this.fd, this.#address, 20) < 0) throw new Error(`bind: ${failure()}`);
    // struct packet_mreq: ifindex(4) type(2) alen(2) address(8)
    this.#set(PACKET_ADD_MEMBERSHIP, [index, PACKET_MR_PROMISC, 0, 0]);
  }

  /** Every frame that has arrived; `octets` are lent for the call. `vlan` is the tag's TCI, or -1. */
  receive(take: (octets: Uint8Array, vlan: number) => void): void {
    for (;;) {
      const slot = this.#next * SLOT;
      const status = this.#view.getUint32(slot, true);
      if ((status & TP_STATUS_USER) === 0) return;
      const length = this.#view.getUint32(slot + 8, true);
      const start = slot + this.#view.getUint16(slot + 12, true);
      const vlan = status & TP_STATUS_VLAN_VALID ? this.#view.getUint16(slot + 24, true) : -1;
      take(this.#octets.subarray(start, start + length), vlan);
      this.#view.setUint32(slot, 0, true);
      this.#next = (this.#next + 1) % SLOTS;
    }
  }

  send(octets: Uint8Array): void {
    for (;;) {
      const sent = libc().sendto(this.fd, octets, octets.length, 0, this.#address, 20);
      if (sent >= 0) return;
      const why = errno();
      if (why !== ENOBUFS && why !== EAGAIN) throw new Error(`send: ${failure()}`);
    }
  }

  /** Frames that found the ring full since the last call. */
  dropped(): number {
    const counters = new Uint32Array(2); // packets, drops
    libc().getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, counters, new Uint32Array([8]));
    return counters[1] ?? 0;
  }

  close(): void {
    this.#ring.unmap();
    libc().close(this.fd);
  }

  #set(name: number, words: readonly number[]): void {
    const value = Uint32Array.from(words);
    if (libc().setsockopt(this.fd, SOL_PACKET, name, value, value.byteLength) < 0) {
      throw new Error(`setsockopt ${name}: ${failure()}`);
    }
  }
}

/** Waits until one of the ports has a frame, at most `milliseconds`. */
export function untilFrame(ports: readonly RawPort[], milliseconds: number): void {
  // struct pollfd: fd(4) events(2) revents(2)
  const fds = new Int32Array(ports.flatMap(({ fd }) => [fd, POLLIN]));
  libc().poll(fds, ports.length, milliseconds);
}

const POLLIN = 1;
