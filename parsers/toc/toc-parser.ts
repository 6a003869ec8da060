/**
 * TOC and TOC2, AOL's protocol for small clients: text commands in frames like OSCAR's.
 *
 *   client  FLAPON CR LF CR LF          server  2a 01 … 00000001
 *   client  2a 01 … 00000001 0001 u16 length · name, then 2a 02 … command · NUL
 *   server  2a 02 … COMMAND:field:field
 */
import { u16be } from '../../src/bytes/read.ts';
import { boundedCopy } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import {
  FLAP_HEAD,
  FlapFramer,
  type FlapListener,
  type Likely,
  likelyFlapHead,
} from '../framing/flap.ts';
import { TocAnomaly } from './anomalies.ts';
import { clientCommand } from './client-commands.ts';
import { replacementOf } from './refusal.ts';
import { serverCommand } from './server-commands.ts';
import { endSession } from './sessions.ts';
import { TocFlow } from './toc-flow.ts';
import { ASTRAY_LIMIT, FRAME_USUAL, NAME_LIMIT } from './toc-limits.ts';
import { canonicalName, tocText } from './toc-text.ts';

const Channel = { SignOn: 1, Data: 2, SignOff: 4 } as const;
const FLAPON = 'FLAPON';
const LF = 0x0a;
const CR = 0x0d;
const NAME_AT = 8; // u32 version, u16 TLV 1, u16 length

export class TocParser implements FlowParser, FlapListener {
  readonly #flow: TocFlow;
  readonly #framers: readonly [FlapFramer, FlapFramer];
  /** Octets of FLAPON and its line ends that passed; -1 when the frames have begun. */
  #greeted: number;
  /** Octets before the client's first frame. */
  #skipped = 0;

  constructor(context: FlowContext) {
    this.#flow = new TocFlow(context);
    const { midstream } = context;
    this.#framers = [new FlapFramer(midstream), new FlapFramer(midstream)];
    this.#greeted = midstream ? -1 : 0;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const flow = this.#flow;
    flow.direction = direction;
    flow.sink = sink;
    const toServer = direction === Direction.ToServer;
    const at = toServer && this.#greeted !== -1 ? this.#greeting(octets) : 0;
    const framer = this.#framers[direction];
    if (at < octets.length) framer.push(at === 0 ? octets : octets.subarray(at), this);
    flow.rest();
    return framer.astray > ASTRAY_LIMIT ? Status.Lost : Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    if (direction === Direction.ToServer) this.#greeted = -1;
    this.#framers[direction].gap(octets);
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const flow = this.#flow;
    flow.direction = direction;
    flow.sink = sink;
    const { offset } = this.#framers[direction];
    flow.begin(new Uint8Array(0), 0, 0, offset + this.#before(direction));
    endSession(flow);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    const { pending } = this.#framers[direction];
    return pending === -1 ? -1 : pending + this.#before(direction);
  }

  held(): number {
    return this.#flow.held() + this.#framers[0].held + this.#framers[1].held;
  }

  replace(event: ImEvent, _unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacementOf(this.#flow, event, notice);
  }

  likely(buffer: Uint8Array, start: number, end: number): Likely {
    return likelyFlapHead(buffer, start, end);
  }

  lost(): void {
    this.#flow.anomaly(TocAnomaly.Lost);
  }

  frame(buffer: Uint8Array, start: number, end: number, from: number): void {
    const flow = this.#flow;
    flow.begin(buffer, start, end, from + this.#before(flow.direction));
    if (end - start > FRAME_USUAL + FLAP_HEAD) flow.anomaly(TocAnomaly.FrameTooLong);
    const body = start + FLAP_HEAD;
    switch (buffer[start + 1]) {
      case Channel.SignOn:
        if (flow.toServer) this.#signOn(buffer, body, end);
        return;
      case Channel.Data:
        this.#data(buffer, body, end);
        return;
      case Channel.SignOff:
        endSession(flow);
        return;
      default: // errors and keep-alives say nothing
    }
  }

  #data(buffer: Uint8Array, start: number, end: number): void {
    const flow = this.#flow;
    let stop = end;
    while (stop > start && buffer[stop - 1] === 0) stop -= 1;
    if (buffer.subarray(start, stop).includes(0)) flow.anomaly(TocAnomaly.Nul);
    if (flow.toServer) clientCommand(flow, start, stop);
    else serverCommand(flow, start, stop);
  }

  /** u32 1 · u16 1 · u16 length · name. */
  #signOn(buffer: Uint8Array, start: number, end: number): void {
    const nameAt = start + NAME_AT;
    if (nameAt > end || u16be(buffer, start + 4) !== 1) return;
    const nameEnd = Math.min(end, nameAt + u16be(buffer, start + 6));
    const name = canonicalName(tocText(buffer.subarray(nameAt, nameEnd)));
    if (name !== undefined) this.#flow.account ??= boundedCopy(name, NAME_LIMIT);
  }

  /** FLAPON and its line ends; answers where the frames begin. */
  #greeting(octets: Uint8Array): number {
    for (let at = 0; at < octets.length; at++) {
      const octet = octets[at] ?? 0;
      const greeted = this.#greeted;
      const expected = FLAPON.charCodeAt(greeted);
      if (greeted < FLAPON.length ? octet !== expected : octet !== CR && octet !== LF) {
        this.#greeted = -1;
        return at;
      }
      // Line ends are not counted: there are four, or two, or more.
      if (greeted < FLAPON.length) this.#greeted = greeted + 1;
      this.#skipped += 1;
    }
    return octets.length;
  }

  /** Octets of the stream before what its framer was given. */
  #before(direction: Direction): number {
    return direction === Direction.ToServer ? this.#skipped : 0;
  }
}
