/**
 * A tap on one interface: a TPACKET_V3 receive ring (packet_mmap, linux/if_packet.h), walked where the
 * kernel wrote it. Nothing is copied and nothing allocated per frame.
 *
 *     ring: blocks of BLOCK octets
 *     block: version(4) private(4) status(4) packets(4) first(4) length(4) …    struct tpacket_block_desc
 *     packet: next(4) sec(4) nsec(4) snaplen(4) len(4) status(4) mac(2) net(2)  struct tpacket3_hdr
 *             rxhash(4) tci(4) tpid(2) …
 */
import { setImmediate } from 'node:timers/promises';
import { Frame, type FrameSink, VIRTIO_HEADER } from '../frame.ts';
import type { LiveCounters, LiveSource, LiveSourceOptions } from '../live-source.ts';
import { acceptAll, type BpfProgram } from './bpf-program.ts';
import { compileFilter } from './compile-filter.ts';
import { enableHardwareTime } from './hardware-time.ts';
import type { Holding } from './holding.ts';
import { requireInterface } from './interface-facts.ts';
import { InterfaceWatch } from './interface-watch.ts';
import { linkTypeOf } from './link-type-of.ts';
import { PacketOption, POLLIN, Status, TPACKET_V3 } from './packet-constants.ts';
import { PacketSocket } from './packet-socket.ts';
import { PollSet } from './poll-set.ts';
import { ringFill } from './ring-fill.ts';
import { putTagBack, strippedTag, TAG, TAG_ROOM } from './vlan-tag.ts';

/** Large enough that a superframe of 64 KiB wastes little, small enough to be handed back often. */
const BLOCK = 1 << 19;
const BLOCK_WORDS = BLOCK / 4;
const MIN_BLOCKS = 4;
/** Milliseconds until a block that is not full is handed over: what an event waits at most. */
const RETIRE_AFTER = 4;
/** Milliseconds in which the last block of an interface that was removed comes: its timer counts in jiffies. */
const LAST_BLOCK = 10 * RETIRE_AFTER;
/** The kernel only wants to see that a header fits into it: a V3 ring has no slots. */
const FRAME_OCTETS = 2048;
/** Milliseconds between two turns. */
const TURN_EVERY = 20;

/** Milliseconds that an idle tap keeps its thread while other taps of the same thread may have packets. */
const SHARED_WAIT = 1;

/** Taps that run in this thread. */
let running = 0;

const NEEDS_CHECKSUM = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM

export class TapRing implements LiveSource {
  readonly backend = 'afpacket';
  readonly interfaceName: string;
  /** Time stamps are the card's. */
  readonly hardwareTime: boolean;
  readonly stages = { wait: 0, inspect: 0 };
  readonly #socket: PacketSocket;
  readonly #watch: InterfaceWatch;
  readonly #octets: Uint8Array;
  readonly #words: Uint32Array;
  readonly #statuses: Int32Array;
  readonly #blocks: number;
  readonly #filter: BpfProgram;
  readonly #frame = new Frame();
  #block = 0;
  #armed = false;
  #running = false;
  #closed = false;

  /** Throws CaptureError. Nothing is received before `arm` or `run`. */
  constructor(options: LiveSourceOptions) {
    const { interfaceName, filter, snapLength } = options;
    const facts = requireInterface(interfaceName);
    const linkType = linkTypeOf(facts);
    this.interfaceName = interfaceName;
    this.#filter =
      filter === undefined
        ? acceptAll(snapLength)
        : compileFilter(filter, { linkType, snapLength, interfaceName });
    this.#blocks = Math.max(MIN_BLOCKS, Math.floor(options.ringOctets / BLOCK));
    const socket = new PacketSocket(interfaceName, facts.index);
    this.#socket = socket;
    this.#watch = new InterfaceWatch(socket, facts.up);
    socket.set(PacketOption.Version, TPACKET_V3);
    socket.set(PacketOption.Reserve, TAG_ROOM);
    const { buffer } = socket.mapRing({
      blockOctets: BLOCK,
      blocks: this.#blocks,
      frameOctets: FRAME_OCTETS,
      retireAfter: RETIRE_AFTER,
    });
    this.#octets = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#statuses = new Int32Array(buffer);
    this.#frame.linkType = linkType;
    this.#frame.buffer = this.#octets;
    this.hardwareTime = options.hardwareTime && enableHardwareTime(socket);
    socket.bind();
    if (options.promiscuous) socket.joinAll();
    // Fragments are put together before their flow is looked at: a tap may see them merged.
    if (options.fanoutGroup !== undefined) socket.joinFanout(options.fanoutGroup, true);
  }

  /** Lets packets in; for good, so that what runs later, with fewer rights, cannot widen the filter. */
  arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#socket.accept(this.#filter);
    this.#socket.lockFilter();
  }

  holdings(): Holding[] {
    return [this.#socket.holding()];
  }

  async run(sink: FrameSink, turn: () => unknown): Promise<void> {
    if (this.#closed) return;
    const { stages } = this;
    const ready = new PollSet([this.#socket.fd], POLLIN);
    let nextTurn = 0;
    this.#running = true;
    running++;
    try {
      this.arm();
      while (!this.#closed) {
        let began = performance.now();
        const busy = this.#takeBlock(sink);
        let now = performance.now(); // of any origin: a clock that is set must not stop the turns
        stages.inspect += (now - began) / 1000;
        if (!busy && now < nextTurn) {
          const alone = running === 1;
          began = now;
          ready.wait(alone ? Math.ceil(nextTurn - now) : SHARED_WAIT);
          if (ready.hasError(0)) this.#watch.heed();
          now = performance.now();
          stages.wait += (now - began) / 1000;
          if (!alone && now < nextTurn) await setImmediate();
        }
        if (now < nextTurn) continue;
        this.#look(now, sink);
        const again = turn() === true;
        await setImmediate(); // messages and signals of this thread
        nextTurn = performance.now() + (again ? 0 : TURN_EVERY);
      }
    } finally {
      this.#running = false;
      running--;
      if (this.#closed) this.#socket.close();
    }
  }

  counters(): LiveCounters {
    if (!this.#closed) this.#socket.readStatistics();
    const { received, dropped, frozen } = this.#socket;
    return {
      received,
      dropped,
      frozen,
      downs: this.#watch.downs,
      up: this.#watch.up,
      fill: this.#closed ? 0 : ringFill(this.#statuses, this.#block, this.#blocks, statusWord),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#socket.readStatistics();
    this.#closed = true;
    // While `run` walks the ring it must stay mapped: it closes when it is back.
    if (!this.#running) this.#socket.close();
  }

  /** Throws when the interface was removed: then all that the kernel had written of it has been fed. */
  #look(now: number, sink: FrameSink): void {
    try {
      this.#watch.look(now, this.#frame.number);
    } catch (error) {
      const pause = new PollSet([], 0);
      // The block that it was writing is handed over by its timer.
      for (const until = now + LAST_BLOCK; ; pause.wait(1)) {
        while (this.#takeBlock(sink));
        if (this.#closed || performance.now() > until) throw error;
      }
    }
  }

  /** Feeds the next block and gives it back; false: the kernel has it. */
  #takeBlock(sink: FrameSink): boolean {
    const words = this.#words;
    const status = statusWord(this.#block);
    // Atomics: what the kernel wrote before the status is seen after it, also where stores are not ordered.
    if ((Atomics.load(this.#statuses, status) & Status.User) === 0) return false;
    const block = this.#block * BLOCK_WORDS;
    const packets = words[block + 3] ?? 0; // num_pkts
    let at = this.#block * BLOCK + (words[block + 4] ?? 0); // offset_to_first_pkt
    for (let n = 0; n < packets && !this.#closed; n++) {
      this.#feed(at, sink);
      at += words[at >>> 2] ?? 0; // tp_next_offset
    }
    Atomics.store(this.#statuses, status, 0);
    this.#block = this.#block + 1 === this.#blocks ? 0 : this.#block + 1;
    return true;
  }

  #feed(at: number, sink: FrameSink): void {
    const words = this.#words;
    const word = at >>> 2;
    const frame = this.#frame;
    const captured = words[word + 3] ?? 0;
    const status = words[word + 5] ?? 0;
    let mac = at + ((words[word + 6] ?? 0) & 0xffff);
    const end = mac + captured;
    frame.originalLength = words[word + 4] ?? 0;
    if ((status & (Status.VlanValid | Status.ChecksumNotReady)) !== 0) {
      const tpid = strippedTag(status, (words[word + 9] ?? 0) & 0xffff);
      if (tpid !== 0 && captured >= 12) {
        putTagBack(this.#octets, mac, tpid, (words[word + 8] ?? 0) & 0xffff);
        mac -= TAG;
        frame.originalLength += TAG;
      }
    }
    frame.virtio = (status & Status.ChecksumNotReady) !== 0 ? this.#virtioHeader(mac) : -1;
    frame.start = mac;
    frame.end = end;
    frame.time[0] = (words[word + 1] ?? 0) * 1e6 + Math.floor((words[word + 2] ?? 0) / 1000);
    frame.number++;
    sink.frame(frame);
  }

  /** A frame of this machine or of a virtual one, without its checksum: said as a virtio header says it. */
  #virtioHeader(mac: number): number {
    const at = mac - VIRTIO_HEADER;
    this.#octets.fill(0, at, mac);
    this.#octets[at] = NEEDS_CHECKSUM;
    return at;
  }
}

function statusWord(block: number): number {
  return block * BLOCK_WORDS + 2; // block_status
}
