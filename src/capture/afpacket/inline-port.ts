/**
 * What comes in at one end of a bridge: a TPACKET_V2 receive ring with virtio headers, a slot a frame.
 *
 *     slot: status(4) len(4) snaplen(4) mac(2) net(2) sec(4) nsec(4) tci(2) tpid(2) …  struct tpacket2_hdr
 *           … virtio header(10) frame
 *
 * Slots hold a frame of the MTU. A superframe (segmentation offload) is larger: the kernel then also keeps
 * it whole in the socket's queue (PACKET_COPY_THRESH), from where it is read into a buffer. So 64 MiB of
 * ring hold 32 000 frames, and not the thousand that slots of 64 KiB would leave room for.
 */
import { Frame, VIRTIO_HEADER } from '../frame.ts';
import { acceptAll } from './bpf-program.ts';
import type { InterfaceFacts } from './interface-facts.ts';
import { InterfaceWatch } from './interface-watch.ts';
import { LINKTYPE_ETHERNET } from './link-type-of.ts';
import { PacketOption, SOL_SOCKET, SocketOption, Status, TPACKET_V2 } from './packet-constants.ts';
import { PacketSocket } from './packet-socket.ts';
import { ringFill } from './ring-fill.ts';
import { isSegmented } from './send-queue.ts';
import { SuperframeBuffers } from './superframe-buffers.ts';
import { moveVirtioHeader, putTagBack, strippedTag, TAG, TAG_ROOM } from './vlan-tag.ts';

const BLOCK = 1 << 18;
const MIN_SLOT = 2048;
const MAX_SLOT = 16384;
const MIN_SLOTS = 1024;
/** In a slot before the frame (headers, reserved room, alignment) and after it (a second VLAN tag). */
const SLOT_OVERHEAD = 160;
/** Octets of superframes that may wait besides the ring; the kernel takes no more than this. */
const MAX_QUEUE = 1 << 30;
/** More than any frame: nothing is cut by the filter. */
const EVERYTHING = 0x7fffffff;

export interface PortOptions {
  readonly ringOctets: number;
  readonly fanoutGroup: number | undefined;
}

export class InlinePort {
  readonly frame = new Frame();
  readonly socket: PacketSocket;
  readonly watch: InterfaceWatch;
  readonly #octets: Uint8Array;
  readonly #words: Uint32Array;
  readonly #statuses: Int32Array;
  readonly #ringAddress: number;
  readonly #slotOctets: number;
  readonly #slots: number;
  readonly #superframes: SuperframeBuffers;
  #head = 0; // the slot to be taken next
  #taken = 0; // slots before it that were not yet given back
  #address = 0;
  #length = 0;
  #segmented = false;
  #cut = 0;

  /** Throws CaptureError. Nothing is received before `arm`. */
  constructor(facts: InterfaceFacts, options: PortOptions) {
    const { name, index } = facts;
    this.#slotOctets = slotFor(facts.mtu);
    const perBlock = BLOCK / this.#slotOctets;
    const wanted = Math.floor(options.ringOctets / this.#slotOctets);
    const blocks = Math.ceil(Math.max(MIN_SLOTS, wanted) / perBlock);
    this.#slots = blocks * perBlock;
    const socket = new PacketSocket(name, index);
    this.socket = socket;
    this.watch = new InterfaceWatch(socket, facts.up);
    socket.set(PacketOption.Version, TPACKET_V2);
    socket.set(PacketOption.VnetHeader, 1);
    socket.set(PacketOption.IgnoreOutgoing, 1);
    socket.set(PacketOption.Reserve, TAG_ROOM);
    socket.set(PacketOption.CopyThreshold, 1);
    const queueOctets = Math.min(options.ringOctets, MAX_QUEUE);
    socket.trySet(SOL_SOCKET, SocketOption.ReceiveBufferForce, queueOctets);
    const frameOctets = this.#slotOctets;
    const ring = socket.mapRing({ blockOctets: BLOCK, blocks, frameOctets });
    this.#octets = new Uint8Array(ring.buffer);
    this.#words = new Uint32Array(ring.buffer);
    this.#statuses = new Int32Array(ring.buffer);
    this.#ringAddress = ring.address;
    this.#superframes = new SuperframeBuffers(socket.fd);
    this.frame.linkType = LINKTYPE_ETHERNET;
    socket.bind();
    socket.joinAll();
    // Fragments travel as they are: a bridge must not put them together.
    if (options.fanoutGroup !== undefined) socket.joinFanout(options.fanoutGroup, false);
  }

  close(): void {
    this.socket.close();
  }

  arm(): void {
    this.socket.accept(acceptAll(EVERYTHING));
  }

  /** Frames that could not be taken whole, and so were lost: the queue for superframes was full. */
  get cut(): number {
    return this.#cut;
  }

  /** Address of the virtio header of `frame`, which the frame follows. */
  get address(): number {
    return this.#address;
  }

  /** Octets of both. */
  get octets(): number {
    return this.#length;
  }

  /** It is a superframe. */
  get segmented(): boolean {
    return this.#segmented;
  }

  get fill(): number {
    const words = this.#slotOctets / 4;
    return ringFill(this.#statuses, this.#head, this.#slots, (slot) => slot * words);
  }

  /** Buffers for superframes are all lent until `release`. */
  get exhausted(): boolean {
    return this.#superframes.exhausted || this.#taken === this.#slots;
  }

  /** Takes the next frame into `frame`; false where there is none. What it lies in is ours until `release`. */
  take(): boolean {
    while (!this.exhausted) {
      const slot = this.#head * this.#slotOctets;
      const word = slot >>> 2;
      // Atomics: what the kernel wrote before the status is seen after it, also where stores are not ordered.
      const status = Atomics.load(this.#statuses, word);
      if ((status & Status.User) === 0) return false;
      this.#head = this.#head + 1 === this.#slots ? 0 : this.#head + 1;
      this.#taken++;
      if (this.#locate(slot, word, status)) return true;
      this.#cut++;
    }
    return false;
  }

  /** Gives back what was taken. */
  release(): void {
    const words = this.#slotOctets / 4;
    let slot = this.#head - this.#taken;
    if (slot < 0) slot += this.#slots;
    for (let n = this.#taken; n > 0; n--) {
      Atomics.store(this.#statuses, slot * words, 0);
      slot = slot + 1 === this.#slots ? 0 : slot + 1;
    }
    this.#taken = 0;
    this.#superframes.release();
  }

  #locate(slot: number, word: number, status: number): boolean {
    const { frame } = this;
    const words = this.#words;
    const length = words[word + 1] ?? 0;
    const captured = words[word + 2] ?? 0;
    let buffer = this.#octets;
    let base = this.#ringAddress;
    let mac = slot + ((words[word + 3] ?? 0) & 0xffff);
    if ((status & Status.Copy) !== 0) {
      mac = this.#superframes.take(length);
      if (mac < 0) return false;
      buffer = this.#superframes.octets;
      base = this.#superframes.address;
    } else if (captured < length) {
      return false;
    }
    const end = mac + length;
    let virtio = mac - VIRTIO_HEADER;
    if ((status & Status.VlanValid) !== 0) {
      const tag = words[word + 6] ?? 0;
      moveVirtioHeader(buffer, virtio);
      putTagBack(buffer, mac, strippedTag(status, tag >>> 16), tag & 0xffff);
      mac -= TAG;
      virtio -= TAG;
    }
    frame.buffer = buffer;
    frame.start = mac;
    frame.end = end;
    frame.originalLength = end - mac;
    frame.virtio = virtio;
    frame.time[0] = (words[word + 4] ?? 0) * 1e6 + Math.floor((words[word + 5] ?? 0) / 1000);
    frame.number++;
    this.#address = base + virtio;
    this.#length = end - virtio;
    this.#segmented = isSegmented(buffer, virtio);
    return true;
  }
}

/** Octets of a slot that holds a frame of this MTU: a power of two. */
function slotFor(mtu: number): number {
  let slot = MIN_SLOT;
  while (slot < mtu + SLOT_OVERHEAD && slot < MAX_SLOT) slot *= 2;
  return slot;
}
