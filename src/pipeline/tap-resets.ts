/**
 * What a tap can do about a forbidden connection: RSTs to both sides, out of an interface that reaches them. It is
 * a race against what is said on: what was said before has passed, and a RST that comes after more octets than it
 * expects is not believed (RFC 5961). So both sides get one again with each later packet of the flow.
 *
 * Give it to the engine as its `enforcer`, and call `packet` after `Engine.frame` for each frame.
 */
import type { Frame } from '../capture/frame.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import * as slotOf from '../flow/layout.ts';
import { UDP } from '../flow/transport.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import { Records } from '../verdict/records.ts';
import type { Subject } from '../verdict/subject.ts';
import {
  MOST_RESET_OCTETS,
  sequenceBehind,
  sequenceForSender,
  writeReset,
} from '../verdict/wire/reset-frame.ts';
import type { Engine } from './engine.ts';

const { FLAGS, REFUSED, STRIDE } = slotOf;
const TCP = 6;
const RST = 4;

const Why = {
  Reset: 'resets were sent from a tap: what was said before has passed',
  Instead: 'a tap cannot take it out: resets were sent, and it has passed',
  Datagrams: 'a tap cannot stop datagrams',
  Over: 'the connection is over',
  Tunnel: 'no reset can be sent inside a tunnel',
} as const;

/** Sends buffer[start, end), a whole frame of the tap's link type. Copied within the call. */
export type SendFrame = (buffer: Uint8Array, start: number, end: number) => void;

export class TapResets implements Enforcer {
  /** Sent so far. */
  resets = 0;
  readonly #send: SendFrame;
  readonly #records = new Records();
  readonly #out = new Uint8Array(MOST_RESET_OCTETS);
  #engine: Engine | undefined;

  constructor(send: SendFrame) {
    this.#send = send;
  }

  /** The engine whose enforcer this is. */
  attach(engine: Engine): void {
    this.#engine = engine;
  }

  carryOut(wanted: VerdictRecord, event: ImEvent, { slot, hasUnit }: Subject): VerdictRecord {
    const { table, view } = this.#engine ?? {};
    if (table === undefined || view === undefined || event.kind === 'flow.end') {
      return this.#records.of(wanted, false, Why.Over);
    }
    if (table.transport(slot) === UDP) return this.#records.of(wanted, false, Why.Datagrams);
    if (slot !== table.current) return this.#records.of(wanted, false, Why.Over);
    if (view.tunnelled) return this.#records.of(wanted, false, Why.Tunnel);
    this.refuseFlow(slot);
    const isReset = wanted.action === 'reset' || !hasUnit;
    return this.#records.of(wanted, isReset, isReset ? Why.Reset : Why.Instead);
  }

  refuseFlow(slot: number): void {
    const { table } = this.#engine ?? {};
    if (table === undefined) return;
    const at = slot * STRIDE + FLAGS;
    table.words[at] = (table.words[at] ?? 0) | REFUSED;
  }

  closed(): void {}

  /** The frame that the engine has just seen: RSTs, where its flow is one that is refused. */
  packet(frame: Frame): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    const { table, view } = engine;
    const slot = table.current;
    // The view may be of an earlier frame: this one may be no TCP.
    if (slot < 0 || view.frame !== frame.number || view.transport !== TCP) return;
    if (!table.inUse(slot) || ((table.words[slot * STRIDE + FLAGS] ?? 0) & REFUSED) === 0) return;
    if ((view.flags & RST) !== 0) return;
    const behind = sequenceBehind(view);
    this.#reset(frame, false, behind, view.acknowledgement);
    this.#reset(frame, true, sequenceForSender(view), behind);
  }

  #reset(frame: Frame, toSender: boolean, sequence: number, acknowledgement: number): void {
    const out = this.#out;
    const { view } = this.#engine ?? {};
    if (view === undefined) return;
    const length = writeReset(frame, view, toSender, sequence, acknowledgement, out);
    if (length === 0) return;
    this.resets++;
    this.#send(out, 0, length);
  }
}
