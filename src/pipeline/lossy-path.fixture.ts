/**
 * Two TCP hosts and a path that loses, delays and repeats frames, with a bridge in its middle or nothing:
 * a discrete simulation in milliseconds, the same for the same seed.
 *
 * A host does what Linux does where it matters here: selective acknowledgement (RFC 2018), loss found by what
 * was acknowledged behind it (RFC 8985, simplified), a tail loss probe, a timer of 200 ms at least that doubles
 * (RFC 6298), timestamps with PAWS (RFC 7323 §5). No congestion window: what it would slow down it slows
 * down with and without a bridge.
 */
import { Random } from '../../test/fuzz/random.ts';
import { Side } from '../verdict/wire/packet-judge.ts';
import { type Bench, type Connection, latin, octetsOf, segmentOf } from './bridge.fixture.ts';

export interface PathSpec {
  readonly seed: number;
  /** Probabilities, of each of the two links that a frame passes. */
  readonly lost: number;
  readonly late: number;
  readonly twice: number;
  readonly timestamps: boolean;
  readonly selective: boolean;
}

const LEAST_TIMER = 200;
const MOST_TIMER = 120_000;
const ACK = 16;
const PSH = 8;

/** Of one message: when it was said and when it was heard, milliseconds. */
export interface Heard {
  readonly said: number;
  heard: number | undefined;
}

interface Sent {
  readonly offset: number;
  readonly text: string;
  at: number;
  sacked: boolean;
  lost: boolean;
  again: boolean;
}

class Host {
  readonly sent: Sent[] = [];
  acknowledged: number;
  next: number;
  received = '';
  readonly #from: number;
  readonly #ahead = new Map<number, string>();
  #recent = 0;
  #timer = 0;
  #timeout = LEAST_TIMER;
  #smoothed = 0;
  #variation = 0;
  #probed = false;
  readonly #path: LossyPath;
  readonly #by: 0 | 1;

  constructor(path: LossyPath, by: 0 | 1) {
    this.#path = path;
    this.#by = by;
    const { said } = path.talk;
    this.acknowledged = this.next = said[by];
    this.#from = said[by === 0 ? 1 : 0];
  }

  /** Offset of the next octet expected. */
  get #expected(): number {
    return this.#from + this.received.length;
  }

  say(text: string): void {
    const one = { offset: this.next, text, at: 0, sacked: false, lost: false, again: false };
    this.next += text.length;
    this.sent.push(one);
    this.#transmit(one);
    if (this.sent.length === 1) this.#arm();
  }

  frame(octets: Uint8Array): void {
    const { sequence, acknowledgement, options, payload, isIntact } = segmentOf(octets);
    if (!isIntact) throw new Error('damaged');
    const { talk } = this.#path;
    const other = this.#by === 0 ? 1 : 0;
    const offset = (sequence - talk.first(other)) | 0;
    const stampAt = this.#path.spec.timestamps ? 4 : -1;
    const view = new DataView(options.buffer, options.byteOffset, options.length);
    if (stampAt > 0 && options.length >= 12) {
      const value = view.getUint32(stampAt);
      if (value < this.#recent && payload.length > 0) {
        this.#path.outdated++;
        this.#acknowledge();
        return;
      }
      if (offset <= this.#expected) this.#recent = Math.max(this.#recent, value);
    }
    const blocks: [number, number][] = [];
    const blocksAt = this.#path.spec.timestamps ? 12 : 0;
    if (this.#path.spec.selective && options.length > blocksAt) {
      for (let at = blocksAt + 4; at + 8 <= options.length; at += 8) {
        blocks.push([this.#mine(view.getUint32(at)), this.#mine(view.getUint32(at + 4))]);
      }
    }
    this.#hear(this.#mine(acknowledgement), blocks);
    if (payload.length > 0) this.#take(offset, latin(payload));
  }

  tick(): void {
    const { now } = this.#path;
    if (this.sent.length === 0 || now < this.#timer) return;
    const last = this.sent.at(-1);
    if (!this.#probed && this.#smoothed > 0 && last !== undefined && !last.sacked) {
      this.#probed = true;
      this.#transmit(last);
      this.#timer = now + this.#timeout;
      return;
    }
    this.#timeout = Math.min(MOST_TIMER, this.#timeout * 2);
    const [first] = this.sent;
    if (first?.sacked) for (const one of this.sent) one.sacked = false; // its receiver took it back
    for (const one of this.sent) one.lost = !one.sacked;
    if (first !== undefined) this.#transmit(first);
    this.#timer = now + this.#timeout;
  }

  #mine(sequence: number): number {
    return (sequence - this.#path.talk.first(this.#by)) | 0;
  }

  #hear(acknowledged: number, blocks: readonly (readonly [number, number])[]): void {
    const { now } = this.#path;
    let isNews = false;
    while (true) {
      const [one] = this.sent;
      if (one === undefined || one.offset + one.text.length > acknowledged) break;
      if (!one.again) this.#measure(now - one.at);
      this.sent.shift();
      isNews = true;
    }
    let newest = -1;
    for (const one of this.sent) {
      if (!blocks.some(([a, b]) => a <= one.offset && one.offset + one.text.length <= b)) continue;
      if (!one.sacked) isNews = true;
      one.sacked = true;
      newest = Math.max(newest, one.at);
    }
    if (!isNews) return;
    if (acknowledged > this.acknowledged) {
      this.acknowledged = acknowledged;
      this.#timeout = this.#unhurried(); // RFC 6298 says nothing of it: Linux forgets its back-off here
    }
    const wait = this.#smoothed / 4 + 1;
    let most = 4;
    for (const one of this.sent) {
      if (one.sacked) continue;
      if (one.lost || one.at + wait < newest) {
        if (most-- <= 0) break;
        this.#transmit(one);
      }
    }
    this.#probed = false;
    this.#arm();
  }

  #take(offset: number, text: string): void {
    if (offset + text.length > this.#expected && !this.#ahead.has(offset))
      this.#ahead.set(offset, text);
    for (let isFound = true; isFound; ) {
      isFound = false;
      for (const [at, part] of this.#ahead) {
        if (at > this.#expected) continue;
        this.#ahead.delete(at);
        this.received += part.slice(this.#expected - at);
        isFound = true;
      }
    }
    this.#path.arrived(this.#by, this.received.length);
    this.#acknowledge();
  }

  #acknowledge(): void {
    this.#path.send(this.#by, this.next, '', this.#expected, this.#options(true));
  }

  #transmit(one: Sent): void {
    if (one.at > 0) one.again = true;
    one.at = this.#path.now;
    one.lost = false;
    this.#path.send(this.#by, one.offset, one.text, this.#expected, this.#options(false));
  }

  #options(withBlocks: boolean): number[] {
    const { timestamps, selective } = this.#path.spec;
    const options: number[] = [];
    if (timestamps) options.push(1, 1, 8, 10, ...u32(this.#path.now), ...u32(this.#recent));
    if (!selective || !withBlocks || this.#ahead.size === 0) return options;
    const first = this.#path.talk.first(this.#by === 0 ? 1 : 0);
    const blocks = [...this.#ahead].slice(-3);
    options.push(1, 1, 5, 2 + 8 * blocks.length);
    for (const [at, part] of blocks)
      options.push(...u32(first + at), ...u32(first + at + part.length));
    return options;
  }

  #measure(sample: number): void {
    if (this.#smoothed === 0) {
      this.#smoothed = Math.max(1, sample);
      this.#variation = sample / 2;
    } else {
      this.#variation = 0.75 * this.#variation + 0.25 * Math.abs(this.#smoothed - sample);
      this.#smoothed = 0.875 * this.#smoothed + 0.125 * sample;
    }
    this.#timeout = this.#unhurried();
  }

  #unhurried(): number {
    return Math.max(LEAST_TIMER, Math.ceil(this.#smoothed + 4 * this.#variation));
  }

  #arm(): void {
    const probe = this.#smoothed > 0 ? Math.ceil(2 * this.#smoothed) + 2 : this.#timeout;
    this.#timer = this.#path.now + Math.min(this.#timeout, probe);
  }
}

export class LossyPath {
  now = 1000;
  readonly spec: PathSpec;
  readonly talk: Connection;
  readonly hosts: readonly [Host, Host];
  readonly heard: [Heard[], Heard[]] = [[], []];
  /** Segments that their receiver took for old ones. */
  outdated = 0;
  readonly #bench: Bench | undefined;
  readonly #random: Random;
  readonly #ends: [number[], number[]] = [[], []];
  #octets: [number, number] = [0, 0];
  #waiting: { at: number; side: Side; octets: Uint8Array; isBehind: boolean }[] = [];

  /** `talk`: a connection that is open, through `bench`. */
  constructor(spec: PathSpec, talk: Connection, bench: Bench | undefined) {
    this.spec = spec;
    this.talk = talk;
    this.#bench = bench;
    this.#random = new Random(spec.seed);
    this.hosts = [new Host(this, 0), new Host(this, 1)];
  }

  /** Says these, every `gap` milliseconds one in each direction, and lets time pass until all is heard. */
  run(said: readonly [readonly string[], readonly string[]], gap: number, limit: number): void {
    const counts = [0, 0];
    const end = this.now + limit;
    for (let due = this.now; this.now < end; this.now++) {
      if (this.now >= due) {
        due += gap;
        for (const by of [0, 1] as const) {
          const text = said[by][counts[by] ?? 0];
          if (text === undefined) continue;
          counts[by] = (counts[by] ?? 0) + 1;
          this.heard[by].push({ said: this.now, heard: undefined });
          this.#octets[by] += text.length;
          this.#ends[by].push(this.#octets[by]);
          this.hosts[by].say(text);
        }
      }
      this.#deliver();
      for (const host of this.hosts) host.tick();
      if (this.#isOver(said)) return;
    }
  }

  send(by: 0 | 1, offset: number, text: string, expected: number, options: readonly number[]) {
    const flags = text === '' ? ACK : ACK | PSH;
    const { octets, side } = this.talk.packet(by, offset, octetsOf(text), flags, expected, options);
    this.#link(side, octets, false);
  }

  arrived(by: 0 | 1, octets: number): void {
    const from = by === 0 ? 1 : 0;
    this.heard[from].forEach((one, i) => {
      if (one.heard === undefined && (this.#ends[from][i] ?? 0) <= octets) one.heard = this.now;
    });
  }

  #isOver(said: readonly [readonly string[], readonly string[]]): boolean {
    return ([0, 1] as const).every(
      (by) =>
        this.heard[by].length === said[by].length &&
        this.heard[by].every(({ heard }) => heard !== undefined),
    );
  }

  #link(side: Side, octets: Uint8Array, isBehind: boolean): void {
    const { lost, late, twice } = this.spec;
    if (this.#random.chance(lost)) return;
    const at = this.now + 1 + (this.#random.chance(late) ? 4 : 0);
    this.#waiting.push({ at, side, octets, isBehind });
    if (this.#random.chance(twice)) this.#waiting.push({ at: at + 1, side, octets, isBehind });
  }

  #deliver(): void {
    const due = this.#waiting.filter(({ at }) => at <= this.now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.now);
    for (const { side, octets, isBehind } of due) {
      if (isBehind) this.hosts[side === Side.A ? 1 : 0].frame(octets);
      else this.#through(side, octets);
    }
    const bench = this.#bench;
    if (bench === undefined) return;
    bench.until(this.now * 1000);
    this.#leave(bench);
  }

  #through(side: Side, octets: Uint8Array): void {
    if (this.#bench === undefined) {
      this.#link(side, octets, true);
      return;
    }
    this.#bench.give(octets, side);
    this.#leave(this.#bench);
  }

  #leave(bench: Bench): void {
    for (const { side, octets } of bench.out.splice(0)) {
      this.#link(side === Side.A ? Side.B : Side.A, octets, true);
    }
  }
}

function u32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
