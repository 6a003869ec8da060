/**
 * What a receiver cannot say: that something behind a hole has come.
 *
 * Segments ahead of a hole are aside (bridge-aside.ts), so their receiver does not send the duplicate
 * acknowledgements from which a sender learns in one round trip that something was lost; its timer alone would
 * tell it, after 200 ms at least, twice that the next time. So the sender hears them from us: the receiver's
 * own last acknowledgement once more, with the ranges that are aside (RFC 2018). That is advice: a sender keeps
 * what is acknowledged like that until it is acknowledged for good (§8), which only the receiver does.
 * Only of connections whose two SYNs both permitted it (§2), and outside tunnels.
 */
import type { PacketView } from '../decode/packet-view.ts';
import * as slotOf from '../flow/layout.ts';
import { MOST_RESET_OCTETS, sumTcp, writeBefore, writeTcp } from '../verdict/wire/reset-frame.ts';
import { put32 } from '../verdict/wire/timestamp.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { BridgeParts } from './bridge-parts.ts';

const { NEXT, STRIDE } = slotOf;

const ACK = 16;
const HEADER = 20;
const STAMPS = 12;
/** RFC 2018 §3: so many have room beside timestamps. */
const MOST_BLOCKS = 3;
const NO_OPERATION = 1;
const PERMITTED = 4;
const SELECTIVE = 5;
const TIMESTAMPS = 8;

export class BridgeSelective {
  readonly #parts: BridgeParts;
  /** By slot: bit 0, the SYN permits it; bit 1, its answer does. */
  #permitted: Uint8Array;
  readonly #out = new Uint8Array(MOST_RESET_OCTETS);

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#permitted = new Uint8Array(parts.engine.table.slots);
  }

  /** Another connection has the slot. */
  begin(slot: number): void {
    if (slot < this.#permitted.length) this.#permitted[slot] = 0;
  }

  /** A SYN, or its answer, is in hand. */
  synchronise(slot: number): void {
    const { view, table } = this.#parts.engine;
    if (slot >= this.#permitted.length) {
      const grown = new Uint8Array(Math.max(slot + 1, table.slots));
      grown.set(this.#permitted);
      this.#permitted = grown;
    }
    const isPermitted = permits(view);
    const now = this.#permitted[slot] ?? 0;
    if ((view.flags & ACK) === 0) this.#permitted[slot] = isPermitted ? 1 : 0;
    else this.#permitted[slot] = isPermitted ? now | 2 : now & ~2;
  }

  /** The packet in hand, [view.sequence, end), is aside: its sender hears of it. */
  tell(slot: number, flow: WireFlow, wire: WireDirection, end: number): void {
    const { engine, hand, counts, out: wires } = this.#parts;
    const { view, table } = engine;
    const { heard } = wire;
    if (this.#permitted[slot] !== 3 || heard.window < 0 || end === view.sequence) return;
    const base = slot * STRIDE;
    const next = table.words[base + NEXT + table.direction] ?? 0;
    if (((view.sequence - next) | 0) <= 0) return;
    wire.toldAside = joined(wire.toldAside, view.sequence, end, next);
    const blocks = wire.toldAside;
    const stamps = heard.hasStamps ? STAMPS : 0;
    const length = HEADER + stamps + 4 + 8 * blocks.length;
    const out = this.#out;
    const at = writeBefore(hand.frame, view, true, length, out);
    if (at < 0) return;
    const back = flow.against(view);
    const own = back.begun ? back.forwarded : view.acknowledgement;
    writeTcp(view, true, own, heard.acknowledgement, ACK, length, out, at);
    out[at + 14] = heard.window >>> 8;
    out[at + 15] = heard.window & 255;
    let option = at + HEADER;
    if (heard.hasStamps) {
      out.set([NO_OPERATION, NO_OPERATION, TIMESTAMPS, 10], option);
      put32(out, option + 4, heard.value);
      put32(out, option + 8, heard.echo);
      option += STAMPS;
    }
    out.set([NO_OPERATION, NO_OPERATION, SELECTIVE, 2 + 8 * blocks.length], option);
    option += 4;
    for (const [start, last] of blocks) {
      put32(out, option, start);
      put32(out, option + 4, last);
      option += 8;
    }
    sumTcp(view, length, out, at);
    counts.toldAside++;
    wires.send(hand.side, out, 0, at + length, -1);
  }
}

/** The range first, together with what it touches; of the others those still ahead of `next`. */
function joined(
  blocks: readonly [number, number][],
  start: number,
  end: number,
  next: number,
): [number, number][] {
  let from = start;
  let to = end;
  const others: [number, number][] = [];
  for (const [a, b] of blocks) {
    if (((a - next) | 0) <= 0) continue;
    if (((a - to) | 0) > 0 || ((b - from) | 0) < 0) {
      others.push([a, b]);
      continue;
    }
    if (((a - from) | 0) < 0) from = a;
    if (((b - to) | 0) > 0) to = b;
  }
  return [[from, to], ...others.slice(0, MOST_BLOCKS - 1)];
}

/** Whether the SYN has the option "SACK permitted". */
function permits({ buffer, transportAt }: PacketView): boolean {
  const end = transportAt + ((buffer[transportAt + 12] ?? 0) >> 4) * 4;
  for (let at = transportAt + HEADER; at + 1 < end; ) {
    const kind = buffer[at];
    if (kind === 0) return false;
    if (kind === PERMITTED) return buffer[at + 1] === 2;
    at += kind === NO_OPERATION ? 1 : Math.max(2, buffer[at + 1] ?? 2);
  }
  return false;
}
