/**
 * Carries verdicts out on the packets of a bridge, and tells what it did. What is decided here happens to the
 * octets when their packet goes on (src/verdict/wire/dress.ts): while a parser reads them they stay as they came.
 *
 *   drop, hold, strip   the unit becomes its protocol's neutral form; a datagram goes nowhere
 *   redact              masked in place, else as drop
 *   reset               both sides get a RST, and nothing of the flow goes on
 *
 * Where a unit has no neutral form its connection is reset; what was forwarded before it was judged is late.
 */
import type { PacketView } from '../decode/packet-view.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import * as slotOf from '../flow/layout.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import { Records } from '../verdict/records.ts';
import type { Subject, TextRange } from '../verdict/subject.ts';
import { type Cover, maskedText, refusedUnit } from '../verdict/wire/cover.ts';
import { octetRanges } from '../verdict/wire/text-octets.ts';
import type { WireDirection, WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { PacketInHand } from './packet-in-hand.ts';

const { FLAGS, NEXT, REFUSED, STRIDE } = slotOf;
const MOST: number = 1 << 30; // octets from the packet in hand to a unit's start or end

/** What a record says where it was not done just so. Few, because records are interned by them. */
const Why = {
  Over: 'the connection is over',
  Cut: 'its connection was refused or reset before',
  Late: 'late: it had been forwarded when it could be judged',
  Overdue: 'late: it was held as long as may be, and went on before it was whole',
  PartlyLate: 'late: its beginning had been forwarded: the connection was reset',
  Elsewhere: 'it has no octets of its own in the stream: the connection was reset',
  Open: 'its end was not known: the connection was reset',
  NoForm: 'the protocol has no neutral form for it: the connection was reset',
  Fragments: 'it came in IP fragments: the connection was reset',
  Tunnel: 'no reset can be sent inside a tunnel: the packets of the connection are dropped',
  Datagrams: 'there is no connection to reset: the packets of the flow are dropped',
  Held: 'a bridge keeps nothing back for a decision: it was dropped',
  Stripped: 'a bridge cannot take out a part: the whole was dropped',
  NotInPlace: 'the text cannot be masked in place: it was dropped',
} as const;

export interface EnforcerParts {
  readonly hand: PacketInHand;
  readonly view: PacketView;
  readonly table: FlowTable;
  readonly flows: WireFlows;
  readonly counts: BridgeCounts;
  /** Before the flow is forgotten: what is held of it goes on. */
  readonly release: (flow: WireFlow) => void;
}

export class BridgeEnforcer implements Enforcer {
  readonly #records = new Records();
  #parts: EnforcerParts | undefined;

  /** The engine is made with its enforcer, and the enforcer works on the engine's flows. */
  attach(parts: EnforcerParts): void {
    this.#parts = parts;
  }

  carryOut(wanted: VerdictRecord, event: ImEvent, subject: Subject): VerdictRecord {
    const parts = this.#parts;
    if (parts === undefined || event.kind === 'flow.end') return this.#not(wanted, Why.Over);
    if (((parts.table.words[subject.slot * STRIDE + FLAGS] ?? 0) & REFUSED) !== 0) {
      return this.#records.of(wanted, true, Why.Cut);
    }
    const inHand = subject.slot === parts.hand.slot;
    if (parts.table.transport(subject.slot) === UDP) {
      return inHand ? this.#datagram(parts, wanted, subject) : this.#not(wanted, Why.Over);
    }
    const known = parts.flows.get(subject.slot);
    if (known === undefined && !inHand) return this.#not(wanted, Why.Over);
    return this.#segment(parts, wanted, subject);
  }

  passed(verdict: VerdictRecord, subject: Subject): VerdictRecord {
    const parts = this.#parts;
    const flow = parts?.flows.get(subject.slot);
    if (parts === undefined || flow === undefined || subject.isElsewhere) return verdict;
    const { table } = parts;
    const { late } = flow.towards(subject.direction, table);
    if (late === undefined || subject.startBack > MOST || subject.endBack > MOST) return verdict;
    const next = table.words[subject.slot * STRIDE + NEXT + subject.direction] ?? 0;
    const cursor = (next - subject.ahead) | 0;
    const startsIn = ((cursor - subject.startBack - late.end) | 0) < 0;
    const endsBehind = subject.isOpen || ((cursor - subject.endBack - late.start) | 0) > 0;
    return startsIn && endsBehind ? this.#records.of(verdict, true, Why.Overdue) : verdict;
  }

  /** Nothing of the flow goes on, whatever it says. */
  refuse(slot: number): void {
    if (this.#parts !== undefined) this.#refuse(this.#parts, slot);
  }

  refuseFlow(slot: number): void {
    if (this.#parts === undefined) return;
    this.#parts.counts.refusedConnections++;
    this.#refuse(this.#parts, slot);
  }

  closed(slot: number): void {
    const flow = this.#parts?.flows.get(slot);
    if (flow === undefined) return;
    this.#parts?.release(flow);
    this.#parts?.flows.forget(flow);
  }

  #segment(parts: EnforcerParts, wanted: VerdictRecord, subject: Subject): VerdictRecord {
    if (wanted.action === 'reset') return this.#reset(parts, wanted, subject, '');
    // Of a flow, both mean that nothing of it goes on.
    if (!subject.hasUnit) return this.#reset(parts, wanted, subject, '');
    if (subject.isElsewhere) return this.#reset(parts, wanted, subject, Why.Elsewhere);
    // Sequence numbers are 32 bits: farther away nobody knows where it is.
    const isFar = subject.startBack > MOST || subject.endBack < -MOST;
    if (subject.isOpen || isFar) return this.#reset(parts, wanted, subject, Why.Open);
    const { hand, table, view, flows, counts } = parts;
    const inHand = subject.slot === hand.slot;
    const flow = flows.get(subject.slot) ?? flows.open(hand.slot, view, hand.newFrom);
    const wire = flow.towards(subject.direction, table);
    const next = table.words[subject.slot * STRIDE + NEXT + subject.direction] ?? 0;
    const cursor = (next - subject.ahead) | 0;
    const start = (cursor - subject.startBack) | 0;
    const end = (cursor - subject.endBack) | 0;
    if (((end - wire.forwarded) | 0) <= 0) return this.#not(wanted, Why.Late);
    // What the receiver has is no whole message yet, and must not become one: a neutral rest could end it (IRC), or
    // leave it open for whatever is said next (XMPP).
    if (((wire.forwarded - start) | 0) > 0) {
      return this.#reset(parts, wanted, subject, Why.PartlyLate);
    }
    const { neutralise } = subject;
    const isFixed = hand.isFixed || wire.held.some(({ segment }) => segment === undefined);
    if (wanted.action === 'redact' && !isFixed) {
      const own = inHand && flow.of(view) === wire ? view : undefined;
      const mask = maskOf(own, subject, wire, cursor);
      if (mask !== undefined) {
        wire.covers.push(mask);
        counts.masked++;
        return this.#records.of(wanted, true, '');
      }
    }
    if (neutralise === undefined || subject.form < 0) {
      return this.#reset(parts, wanted, subject, Why.NoForm);
    }
    if (isFixed) return this.#reset(parts, wanted, subject, Why.Fragments);
    if (!wire.covers.some((range) => range.start === start && range.end === end)) {
      const { parserDirection, head, form } = subject;
      wire.covers.push(refusedUnit(start, end, parserDirection, head, form, neutralise));
      counts.neutralised++;
    }
    return this.#records.of(wanted, true, instead(wanted));
  }

  #reset(
    parts: EnforcerParts,
    wanted: VerdictRecord,
    { slot }: Subject,
    why: string,
  ): VerdictRecord {
    this.#refuse(parts, slot);
    return this.#records.of(wanted, true, parts.view.tunnelled ? Why.Tunnel : why);
  }

  #datagram(parts: EnforcerParts, wanted: VerdictRecord, subject: Subject): VerdictRecord {
    const { hand, view, counts } = parts;
    const isReset = wanted.action === 'reset';
    if (isReset || !subject.hasUnit) {
      this.#refuse(parts, subject.slot);
      return this.#records.of(wanted, true, isReset ? Why.Datagrams : '');
    }
    if (wanted.action === 'redact' && !hand.isFixed) {
      const mask = maskOfDatagram(view, subject);
      if (mask !== undefined) {
        hand.masks.push(mask);
        counts.masked++;
        return this.#records.of(wanted, true, '');
      }
    }
    hand.dropped = true;
    return this.#records.of(wanted, true, instead(wanted));
  }

  #refuse({ table, counts }: EnforcerParts, slot: number): void {
    const at = slot * STRIDE + FLAGS;
    const flags = table.words[at] ?? 0;
    if ((flags & REFUSED) !== 0) return;
    table.words[at] = flags | REFUSED;
    counts.refusedFlows++;
  }

  #not(wanted: VerdictRecord, why: string): VerdictRecord {
    return this.#records.of(wanted, false, why);
  }
}

/** What a bridge does instead of what it cannot. */
function instead({ action }: VerdictRecord): string {
  if (action === 'hold') return Why.Held;
  if (action === 'strip') return Why.Stripped;
  return action === 'redact' ? Why.NotInPlace : '';
}

/** Undefined where the text cannot be masked in place, or not all of it any more. */
function maskOf(
  inHand: PacketView | undefined,
  subject: Subject,
  wire: WireDirection,
  cursor: number,
): Cover | undefined {
  const { text, redactions, hasText } = subject;
  if (!hasText || text === undefined || redactions === undefined) return undefined;
  if (redactions.length === 0) return undefined;
  const start = (cursor - subject.textStartBack) | 0;
  const end = (cursor - subject.textEndBack) | 0;
  if (((start - wire.forwarded) | 0) < 0) return undefined;
  const octets = octetsOf(wire, inHand, start, end);
  const ranges = octets && octetRanges(octets, text, redactions);
  return ranges && maskedText(start, end, ranges);
}

/** The octets [start, end) of a stream, from what is held and the packet in hand; undefined if not all are there. */
function octetsOf(
  wire: WireDirection,
  inHand: PacketView | undefined,
  start: number,
  end: number,
): Uint8Array | undefined {
  const length = (end - start) | 0;
  const octets = new Uint8Array(Math.max(0, length));
  let got = 0;
  const take = (buffer: Uint8Array, from: number, to: number, sequence: number) => {
    // What comes again is already there.
    const skip = (start + got - sequence) | 0;
    if (skip < 0 || skip >= to - from) return;
    const part = buffer.subarray(from + skip, Math.min(to, from + skip + length - got));
    octets.set(part, got);
    got += part.length;
  };
  for (const { segment, sequence } of wire.held) {
    if (segment !== undefined) {
      take(segment.buffer, segment.payloadStart, segment.payloadEnd, sequence);
    }
  }
  if (inHand !== undefined) {
    take(inHand.buffer, inHand.payloadStart, inHand.payloadEnd, inHand.sequence);
  }
  return got === length ? octets : undefined;
}

function maskOfDatagram(view: PacketView, subject: Subject): Cover | undefined {
  const { text, redactions, hasText } = subject;
  if (!hasText || text === undefined || redactions === undefined) return undefined;
  const start = view.payloadEnd - subject.textStartBack;
  const end = view.payloadEnd - subject.textEndBack;
  if (redactions.length === 0 || start < view.payloadStart || end > view.payloadEnd)
    return undefined;
  const ranges: readonly TextRange[] | undefined = octetRanges(
    view.buffer.subarray(start, end),
    text,
    redactions,
  );
  return ranges && maskedText(start, end, ranges);
}
