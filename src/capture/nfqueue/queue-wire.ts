/**
 * The wire of a routed gateway: the kernel queues forwarded IP datagrams, the judge says what becomes of
 * each. Verdicts are gathered for all packets of a batch and take effect in the order of the packets.
 */
import { i32le, u16le } from '../../bytes/read.ts';
import { Fate, type PacketJudge, type PacketOut, Side } from '../../verdict/wire/packet-judge.ts';
import type { Holding } from '../afpacket/holding.ts';
import { Frame } from '../frame.ts';
import { completeChecksum } from './complete-checksum.ts';
import { KeptPackets } from './kept-packets.ts';
import { MessageType, padded } from './netlink-layout.ts';
import { needsChecksum, offloadHeader } from './offload-header.ts';
import type { QueueCounters } from './queue-counters.ts';
import { injectedMark } from './queue-marks.ts';
import { flagsMessage, HEADROOM, lengthMessage, QueueSocket } from './queue-socket.ts';
import { queueStatistics } from './queue-statistics.ts';
import { QueuedPacket } from './queued-packet.ts';
import { RawSender } from './raw-sender.ts';
import { VerdictWriter } from './verdict-writer.ts';

const RAW_IP = 101; // LINKTYPE_RAW
const MESSAGE_HEADER = 16; // nlmsghdr
const IDLE_WAIT = 10; // ms: how often the judge hears of time
const TURN_EVERY = 10; // ms
const BREATH_EVERY = 50; // ms between two turns of the event loop
const MOST_KEPT = 1024;
const RECEIVE_BUFFER = 32 << 20; // octets

export interface QueueWireOptions {
  readonly queue: number;
  readonly maxLength: number;
  /** What there is no room for passes unread; else it is dropped, and its sender sends it again. */
  readonly failOpen: boolean;
  /** Packets that wait when the queue is closed go on; else they are dropped. */
  readonly passAtEnd: boolean;
  /**
   * Microseconds until a kept packet that nobody sent is dropped: longer than the judge may keep one. The judge
   * has discarded it then, and whoever sent it has sent it again.
   */
  readonly keepTime: number;
  /** Flows that were let go get it; one bit or several. */
  readonly mark: number;
  readonly receiveOctets?: number;
}

export class QueueWire implements PacketOut {
  /** Seconds since the start. */
  readonly stages = { wait: 0, inspect: 0 };
  readonly #socket: QueueSocket;
  readonly #sender: RawSender;
  readonly #verdicts: VerdictWriter;
  readonly #kept: KeptPackets;
  readonly #packet = new QueuedPacket();
  readonly #frame = new Frame();
  readonly #options: { -readonly [K in keyof QueueWireOptions]: QueueWireOptions[K] };
  readonly #counts = new Float64Array(COUNTS.length);
  /** Microseconds since 1970; of the clock that nobody sets. */
  readonly #now = new Float64Array(1);
  readonly #monotonic = new Float64Array(1);
  #lastId = 0;
  #begun = false;
  #running = false;
  #stopped = false;
  #closed = false;

  /** Throws CaptureError. */
  constructor(options: QueueWireOptions) {
    this.#options = { ...options };
    const receiveOctets = options.receiveOctets ?? RECEIVE_BUFFER;
    this.#socket = QueueSocket.open({ ...options, receiveOctets });
    this.#sender = new RawSender(injectedMark(options.mark));
    this.#kept = new KeptPackets(MOST_KEPT);
    this.#kept.most = mostKept(options.maxLength);
    this.#verdicts = new VerdictWriter(options.queue, (buffer, length) => {
      if (!this.#socket.send(buffer, length)) this.#count(Count.verdictErrors);
    });
    this.#frame.linkType = RAW_IP;
  }

  /** Whether packets of our own can be sent at all (CAP_NET_RAW). */
  get canInject(): boolean {
    return this.#sender.isOpen;
  }

  /** What there is no room for passes unread from now on, or is dropped. */
  set failOpen(failOpen: boolean) {
    const { buffer, length } = flagsMessage(this.#options.queue, failOpen);
    this.#socket.send(buffer, length);
  }

  /** Packets that may wait in the kernel from now on; those that wait already are not touched. */
  set maxLength(packets: number) {
    if (packets === this.#options.maxLength) return;
    const { buffer, length } = lengthMessage(this.#options.queue, packets);
    if (!this.#socket.send(buffer, length)) {
      throw new Error(`queue ${this.#options.queue}: the kernel does not take its new length`);
    }
    this.#options.maxLength = packets;
    this.#kept.most = mostKept(packets);
  }

  set keepTime(microseconds: number) {
    this.#options.keepTime = microseconds;
  }

  set passAtEnd(passAtEnd: boolean) {
    this.#options.passAtEnd = passAtEnd;
  }

  /** What it has of the kernel; a worker thread that dies leaves it behind. */
  holdings(): Holding[] {
    return [this.#socket.fd, ...this.#sender.fds].map((fd) => ({ fd, address: 0, octets: 0 }));
  }

  /**
   * Judges packets until `stop`. Between batches, about every 10 ms, it lets the judge's time go on and calls
   * `turn`. Blocks the thread between; the event loop turns every 50 ms. Rejects with CaptureError when the
   * queue is lost.
   */
  async run(judge: PacketJudge, turn: () => unknown): Promise<void> {
    this.#running = true;
    try {
      await this.#run(judge, turn);
    } finally {
      this.#running = false;
      if (this.#closed) this.#closeAll();
    }
  }

  async #run(judge: PacketJudge, turn: () => unknown): Promise<void> {
    const { stages } = this;
    let turned = 0;
    let breathed = 0;
    let again = false; // the turn has work left
    while (!this.#stopped) {
      let messages = this.#socket.receive();
      if (messages === 0) {
        const began = performance.now();
        this.#socket.wait(again ? 0 : IDLE_WAIT);
        stages.wait += (performance.now() - began) / 1000;
        messages = this.#socket.receive();
      }
      const now = performance.now(); // of any origin: a clock that is set must not stop the turns
      this.#monotonic[0] = now * 1000;
      this.#now[0] = Date.now() * 1000;
      for (let i = 0; i < messages; i++) this.#messages(i, judge);
      if (messages > 0) stages.inspect += (performance.now() - now) / 1000;
      if (again || now - turned >= TURN_EVERY) {
        turned = now;
        judge.tick(this.#now[0] ?? 0);
        this.#giveUpKept();
        this.#verdicts.flush();
        again = turn() === true;
      }
      this.#verdicts.flush();
      if (now - breathed >= BREATH_EVERY) {
        breathed = now;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  send(_side: Side, buffer: Uint8Array, start: number, end: number, virtio: number): void {
    if (needsChecksum(buffer, virtio)) completeChecksum(buffer, start, end);
    const place = this.#kept.find(buffer, start, end);
    if (place >= 0) {
      this.#verdicts.acceptChanged(
        this.#kept.id(place),
        this.#kept.mark(place),
        buffer,
        start,
        end,
      );
      this.#kept.remove(place);
      this.#count(Count.accepted);
      return;
    }
    this.#verdicts.flush(); // what was judged before goes first
    const sent = this.#sender.send(buffer, start, end);
    this.#count(sent ? Count.injected : Count.injectErrors);
  }

  counters(): QueueCounters {
    const { queue, maxLength } = this.#options;
    const counted: Record<CountName, number> = { ...NOTHING };
    for (const [i, name] of COUNTS.entries()) counted[name] = this.#counts[i] ?? 0;
    const kernel = this.#closed ? undefined : queueStatistics(queue);
    const waiting = kernel?.waiting ?? 0;
    return {
      ...counted,
      kept: this.#kept.size,
      missed: counted.missed + this.#socket.overruns,
      droppedFull: kernel?.droppedFull ?? 0,
      droppedUnread: kernel?.droppedUnread ?? 0,
      waiting,
      fill: Math.min(1, waiting / maxLength),
    };
  }

  /** `run` ends; packets can still be sent. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Gives the queue back, as soon as `run` is back. Packets that wait for a verdict go on where
   * `passAtEnd`, else the kernel drops them.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopped = true;
    if (!this.#running) this.#closeAll();
  }

  #closeAll(): void {
    if (this.#options.passAtEnd) {
      // Ids are compared round a circle of 2^32: this is as far ahead as an id can be.
      this.#verdicts.acceptUntil((this.#lastId + 0x3fffffff) | 0);
    }
    this.#verdicts.flush();
    this.#socket.close();
    this.#sender.close();
  }

  /** The messages of one datagram of the socket: one packet, or an answer. */
  #messages(i: number, judge: PacketJudge): void {
    const { buffer } = this.#socket;
    const first = this.#socket.slot(i);
    const end = first + this.#socket.length(i);
    for (let at = first; end - at >= MESSAGE_HEADER; ) {
      const length = i32le(buffer, at);
      if (length < MESSAGE_HEADER || length > end - at) {
        this.#count(Count.malformed);
        return;
      }
      switch (u16le(buffer, at + 4)) {
        case MessageType.Packet:
          if (this.#packet.read(buffer, at, at + length)) this.#judge(buffer, first, judge);
          else this.#count(Count.malformed);
          break;
        case MessageType.Error:
          if (i32le(buffer, at + MESSAGE_HEADER) !== 0) this.#count(Count.verdictErrors);
          break;
      }
      at += padded(length);
    }
  }

  #judge(buffer: Uint8Array, slot: number, judge: PacketJudge): void {
    const packet = this.#packet;
    const { id, mark, start, end } = packet;
    this.#follow(id);
    const frame = this.#frame;
    frame.buffer = buffer;
    frame.start = start;
    frame.end = end;
    frame.originalLength = packet.length;
    frame.virtio = offloadHeader(buffer, slot - HEADROOM, packet.info, start);
    frame.number++;
    frame.time[0] = (packet.hasTime ? packet.time[0] : this.#now[0]) ?? 0;
    this.#count(Count.packets);
    this.#add(Count.octets, packet.length);
    const fate = judge.packet(frame, Side.A);
    if (fate === Fate.Drop) this.#hinder(judge.kept);
    else if (judge.changed) this.#change(judge.letGo);
    else if (judge.letGo) {
      this.#verdicts.acceptMarked(id, mark | this.#options.mark);
      this.#count(Count.marked);
      this.#count(Count.accepted);
    } else {
      this.#verdicts.accept(id, this.#kept.size > 0);
      this.#count(Count.accepted);
    }
  }

  /** Every id that is missing in the count was a packet for which the socket had no room. */
  #follow(id: number): void {
    const missed = this.#begun ? (id - this.#lastId - 1) | 0 : (id - 1) | 0;
    this.#begun = true;
    this.#lastId = id;
    if (missed > 0) this.#add(Count.missed, missed);
  }

  #hinder(keep: boolean): void {
    const { id, mark, start, end, length } = this.#packet;
    // Of a datagram that was cut, only the beginning could go on later.
    const isCut = length > end - start;
    if (!keep || isCut) {
      this.#verdicts.drop(id);
      this.#count(Count.dropped);
      if (keep) this.#count(Count.cut);
      return;
    }
    if (this.#kept.isFull) this.#giveUp(this.#kept.olderThan(Number.POSITIVE_INFINITY));
    // The packets before it get theirs now: a verdict for all up to a later one would mean this one too.
    this.#verdicts.endRun();
    this.#kept.add(id, mark, this.#monotonic[0] ?? 0, this.#socket.buffer, start, end);
  }

  #change(letGo: boolean): void {
    const { id, mark, start, end, length, info } = this.#packet;
    const { buffer } = this.#socket;
    if (length > end - start) {
      // The verdict would cut the datagram off; whoever sent it sends it again, in smaller pieces.
      this.#verdicts.drop(id);
      this.#count(Count.cut);
      this.#count(Count.dropped);
      return;
    }
    if ((info & 1) !== 0) completeChecksum(buffer, start, end);
    const marked = letGo ? mark | this.#options.mark : mark;
    this.#verdicts.acceptChanged(id, marked, buffer, start, end);
    this.#count(Count.accepted);
    this.#count(Count.changed);
    if (letGo) this.#count(Count.marked);
  }

  #giveUpKept(): void {
    const before = (this.#monotonic[0] ?? 0) - this.#options.keepTime;
    for (;;) {
      const place = this.#kept.olderThan(before);
      if (place < 0) return;
      this.#giveUp(place);
    }
  }

  #giveUp(place: number): void {
    this.#verdicts.drop(this.#kept.id(place));
    this.#kept.remove(place);
    this.#count(Count.dropped);
    this.#count(Count.keptTooLong);
  }

  #count(what: number): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }

  #add(what: number, value: number): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + value;
  }
}

/** At least half of a queue is for packets that only pass through it. */
function mostKept(maxLength: number): number {
  return Math.max(1, Math.min(MOST_KEPT, maxLength >> 1));
}

const COUNTS = [
  'packets',
  'octets',
  'accepted',
  'changed',
  'marked',
  'dropped',
  'keptTooLong',
  'cut',
  'injected',
  'injectErrors',
  'missed',
  'verdictErrors',
  'malformed',
] as const;
type CountName = (typeof COUNTS)[number];

const NOTHING = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<CountName, number>;
const Count = Object.fromEntries(COUNTS.map((name, i) => [name, i])) as Record<CountName, number>;
