/**
 * OSCAR, both directions of one connection: signing in, pager, rooms, icons (dossier oscar.md).
 *
 * Frames are cut by framing/flap.ts, SNACs are read in place by snac.ts and handled where dispatch.ts
 * says. A frame is a unit.
 */

import { u16be } from '../../src/bytes/read.ts';
import type { ImEvent } from '../../src/event/event.ts';
import {
  type Direction,
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
  Likely,
  likelyFlapHead,
} from '../framing/flap.ts';
import { Anomaly } from './anomalies.ts';
import { leaveRoom } from './chat.ts';
import { onSnac } from './dispatch.ts';
import { isKnownSnac } from './known-snacs.ts';
import { NO_FORM, NOOP_FORM } from './neutral.ts';
import { OscarFlow } from './oscar-flow.ts';
import { ASTRAY_LIMIT, LARGE_FRAME } from './oscar-limits.ts';
import { replacementOf } from './replacement.ts';
import { onSignOff, onSignOn, signOut } from './signing-in.ts';
import { SNAC_HEAD } from './snac.ts';

const Channel = { SignOn: 1, Data: 2, Error: 3, SignOff: 4, KeepAlive: 5 } as const;
/** Octets of a sign of life, and of sign-on and sign-off, where frames are looked for. */
const KEEP_ALIVE_MOST = 4;
const SIGN_MOST = 2048;

export class OscarParser implements FlowParser, FlapListener {
  readonly #flow: OscarFlow;
  readonly #framers: readonly [FlapFramer, FlapFramer];
  #lost = false;

  constructor(context: FlowContext) {
    this.#flow = new OscarFlow(context);
    const { midstream } = context;
    this.#framers = [new FlapFramer(midstream), new FlapFramer(midstream)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#lost) return Status.Lost;
    const framer = this.#framers[direction];
    this.#flow.direction = direction;
    this.#flow.sink = sink;
    framer.push(octets, this);
    this.#flow.rest();
    this.#lost = framer.astray > ASTRAY_LIMIT;
    return this.#lost ? Status.Lost : Status.More;
  }

  gap(direction: Direction, octets: number, _sink: ParserSink): Status {
    this.#framers[direction].gap(octets);
    return this.#lost ? Status.Lost : Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    if (this.#lost) return;
    const flow = this.#flow;
    const { offset } = this.#framers[direction];
    flow.direction = direction;
    flow.sink = sink;
    flow.begin(0, 0, offset, NO_FORM);
    leaveRoom(flow);
    signOut(flow, undefined);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.#framers[0].held + this.#framers[1].held + this.#flow.held();
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    const flow = this.#flow;
    const { kind } = event;
    const made = flow.replaced;
    // A frame of many contacts is replaced once, however many of them are refused.
    if (made !== undefined && made.kind === kind && made.notice === notice) return made.replacement;
    const replacement = replacementOf(flow, event, unit, notice);
    flow.replaced = { kind, notice, replacement };
    return replacement;
  }

  lost(from: number): void {
    this.#flow.begin(0, 0, from, NO_FORM);
    this.#flow.anomaly(Anomaly.FramingLost);
  }

  /** Beside its head, a frame has the length of its kind, and a data frame a SNAC that goes this way. */
  likely(buffer: Uint8Array, start: number, end: number): Likely {
    const head = likelyFlapHead(buffer, start, end);
    if (head !== Likely.Yes) return head;
    const length = u16be(buffer, start + 4);
    const channel = buffer[start + 1] ?? 0;
    if (channel === Channel.KeepAlive) return length <= KEEP_ALIVE_MOST ? Likely.Yes : Likely.No;
    if (channel !== Channel.Data) return length <= SIGN_MOST ? Likely.Yes : Likely.No;
    const body = start + FLAP_HEAD;
    if (length < SNAC_HEAD) return Likely.No;
    if (end < body + 4) return Likely.More;
    const { direction } = this.#flow;
    const known = isKnownSnac(u16be(buffer, body), u16be(buffer, body + 2), direction);
    return known ? Likely.Yes : Likely.No;
  }

  frame(buffer: Uint8Array, start: number, end: number, from: number): void {
    const flow = this.#flow;
    const channel = buffer[start + 1] ?? 0;
    const isData = channel === Channel.Data;
    flow.begin(start, end - start, from, isData ? NOOP_FORM : NO_FORM);
    if (end - start > LARGE_FRAME) flow.anomaly(Anomaly.LargeFrame);
    const body = start + FLAP_HEAD;
    if (isData) {
      const whole = flow.snac.read(buffer, body, end, flow.toServer);
      if (flow.snac.ahead && flow.toServer) flow.anomaly(Anomaly.VersionsAhead);
      if (whole) onSnac(flow);
      else flow.anomaly(Anomaly.ShortSnac);
    } else if (channel === Channel.SignOn) onSignOn(flow, buffer, body, end);
    else if (channel === Channel.SignOff) onSignOff(flow, buffer, body, end);
    else if (channel !== Channel.Error && channel !== Channel.KeepAlive) {
      const event = flow.newEvent('app.unknown');
      event.reason = `FLAP channel ${channel}`;
      flow.say(event);
    }
  }
}
