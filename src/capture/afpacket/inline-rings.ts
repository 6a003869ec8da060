/**
 * A bridge of two interfaces in user space: what comes in at one end is shown to a judge and goes out at
 * the other, straight from the ring it came in. Slots are given back once their frames are sent.
 */
import { setImmediate } from 'node:timers/promises';
import { Fate, type PacketJudge, type PacketOut, Side } from '../../verdict/wire/packet-judge.ts';
import { CaptureError } from '../frame.ts';
import type { Holding } from './holding.ts';
import { InlinePort } from './inline-port.ts';
import { type InterfaceFacts, requireInterface } from './interface-facts.ts';
import { LINKTYPE_ETHERNET, linkTypeOf } from './link-type-of.ts';
import { POLLIN } from './packet-constants.ts';
import { PollSet } from './poll-set.ts';
import { type SendFailures, SendQueue } from './send-queue.ts';

export interface InlineRingsOptions {
  readonly interfaceA: string;
  readonly interfaceB: string;
  /** Octets of ring for each side. */
  readonly ringOctets: number;
  /**
   * Several workers on the same pair: this group at A and the next number at B. Workers must be opened one
   * after the other: the place in the group decides which flows a worker gets, and must be the same at both ends.
   */
  readonly fanoutGroup: number | undefined;
}

/** One end; since the rings were opened. */
export interface PortCounters {
  readonly received: number;
  /** By the kernel, because the ring was full; among those received. */
  readonly dropped: number;
  /** Superframes that found no room besides the ring. */
  readonly cut: number;
  readonly downs: number;
  readonly up: boolean;
  /** 0 to 1. */
  readonly fill: number;
  /** Out of this end. */
  readonly sent: number;
  readonly sentOctets: number;
  readonly sendWaits: number;
  /** Frames go past this machine's traffic control; until the device cannot cut a superframe. */
  readonly bypass: boolean;
  readonly sendFailures: Readonly<SendFailures>;
}

/** Seconds spent since the start. */
export interface StageSeconds {
  wait: number;
  inspect: number;
  send: number;
  turn: number;
}

/** Frames of one side in one go: what a frame may wait for those before it. */
const BATCH = 64;
/** Milliseconds between two ticks of the judge, each with a turn. */
const TICK_EVERY = 10;

export class InlineRings implements PacketOut {
  readonly backend = 'afpacket';
  readonly stages: StageSeconds = { wait: 0, inspect: 0, send: 0, turn: 0 };
  readonly #ports: readonly [InlinePort, InlinePort];
  readonly #out: readonly [SendQueue, SendQueue];
  #discarded = 0;
  #running = false;
  #closed = false;

  /** Throws CaptureError. Nothing is received before `arm` or `run`. */
  constructor(options: InlineRingsOptions) {
    const { interfaceA, interfaceB, ringOctets, fanoutGroup: group } = options;
    const a = requireEthernet(interfaceA);
    const b = requireEthernet(interfaceB);
    if (a.index === b.index) {
      throw new CaptureError(interfaceA, 0, 0, 'both ends of the bridge are this interface');
    }
    const opened: { close(): void }[] = [];
    const keep = <T extends { close(): void }>(what: T): T => {
      opened.push(what);
      return what;
    };
    try {
      this.#out = [keep(new SendQueue(a.name, a.index)), keep(new SendQueue(b.name, b.index))];
      const next = group === undefined ? undefined : group + 1;
      this.#ports = [
        keep(new InlinePort(a, { ringOctets, fanoutGroup: group })),
        keep(new InlinePort(b, { ringOctets, fanoutGroup: next })),
      ];
    } catch (error) {
      for (const one of opened) one.close();
      throw error;
    }
  }

  /** Lets packets in; they wait in the rings until `run`. */
  arm(): void {
    for (const port of this.#ports) port.arm();
  }

  /** Lets nothing in any more, until `arm`: somebody else carries the wire. */
  disarm(): void {
    for (const port of this.#ports) port.socket.rejectAll();
  }

  /** Throws away what waits in the rings: somebody else carried it. Between two packets, from `turn`. */
  discard(): void {
    for (const port of this.#ports) {
      while (port.take()) {
        this.#discarded++;
        if (port.exhausted) port.release();
      }
      port.release();
    }
  }

  /** Frames thrown away by `discard`. */
  get discarded(): number {
    return this.#discarded;
  }

  /** For holding.ts: what to give back should this thread die. */
  holdings(): Holding[] {
    return [
      ...this.#ports.map((port) => port.socket.holding()),
      ...this.#out.map((out) => out.socket.holding()),
    ];
  }

  /**
   * Carries packets until `close`. About every 10 ms it lets the judge's time go on, calls `turn` and lets
   * the thread's other callbacks run; between, it may block the thread. Rejects with CaptureError when an
   * interface was removed.
   */
  async run(judge: PacketJudge, turn: () => unknown): Promise<void> {
    if (this.#closed) return;
    const { stages } = this;
    const ready = new PollSet(
      this.#ports.map((port) => port.socket.fd),
      POLLIN,
    );
    let nextTick = 0;
    this.#running = true;
    try {
      this.arm();
      while (!this.#closed) {
        const moved = this.#carry(judge, Side.A) + this.#carry(judge, Side.B);
        let now = performance.now(); // of any origin: a clock that is set must not stop ticks and turns
        if (moved === 0 && now < nextTick) {
          const began = now;
          ready.wait(Math.ceil(nextTick - now));
          this.#heedErrors(ready);
          now = performance.now();
          stages.wait += (now - began) / 1000;
        }
        if (now < nextTick) continue;
        const began = now;
        judge.tick(Date.now() * 1000);
        this.#flush();
        for (const port of this.#ports) port.watch.look(now, port.frame.number);
        const again = turn() === true; // it has work left
        await setImmediate(); // messages and signals of this thread
        nextTick = performance.now() + (again ? 0 : TICK_EVERY);
        stages.turn += (performance.now() - began) / 1000;
      }
    } finally {
      this.#running = false;
      this.#flush();
      if (this.#closed) this.#closeAll();
    }
  }

  send(side: Side, buffer: Uint8Array, start: number, end: number, virtio: number): void {
    this.#out[side].pushCopy(buffer, start, end, virtio);
  }

  counters(side: Side): PortCounters {
    const port = this.#ports[side];
    const out = this.#out[side];
    if (!this.#closed) port.socket.readStatistics();
    return {
      received: port.socket.received,
      dropped: port.socket.dropped,
      cut: port.cut,
      downs: port.watch.downs,
      up: port.watch.up,
      fill: this.#closed ? 0 : port.fill,
      sent: out.sent,
      sentOctets: out.sentOctets,
      sendWaits: out.waits,
      bypass: out.bypass,
      sendFailures: { ...out.failures },
    };
  }

  /** What is under the hand is still sent; what waits in the rings is lost (see `counters().fill`). */
  close(): void {
    if (this.#closed) return;
    for (const port of this.#ports) port.socket.readStatistics();
    this.#closed = true;
    // While `run` has frames of the rings under its hand they must stay mapped: it closes when it is back.
    if (!this.#running) this.#closeAll();
  }

  /** Carries what waits at one end, a batch at most; returns how many frames that were. */
  #carry(judge: PacketJudge, side: Side): number {
    const port = this.#ports[side];
    const out = this.#out[side === Side.A ? Side.B : Side.A];
    if (!port.take()) {
      port.release();
      return 0;
    }
    const began = performance.now();
    let frames = 0;
    do {
      frames++;
      if (judge.packet(port.frame, side) === Fate.Forward) {
        out.push(port.address, port.octets, port.segmented);
      }
    } while (frames < BATCH && port.take());
    const judged = performance.now();
    this.#flush();
    port.release();
    this.stages.inspect += (judged - began) / 1000;
    this.stages.send += (performance.now() - judged) / 1000;
    return frames;
  }

  #flush(): void {
    this.#out[0].flush();
    this.#out[1].flush();
  }

  #heedErrors(ready: PollSet): void {
    for (const [n, port] of this.#ports.entries()) {
      if (ready.hasError(n)) port.watch.heed();
    }
  }

  #closeAll(): void {
    for (const out of this.#out) out.close();
    for (const port of this.#ports) port.socket.close();
  }
}

function requireEthernet(name: string): InterfaceFacts {
  const facts = requireInterface(name);
  if (linkTypeOf(facts) === LINKTYPE_ETHERNET) return facts;
  throw new CaptureError(name, 0, 0, 'a bridge needs Ethernet interfaces, and this one has none');
}
