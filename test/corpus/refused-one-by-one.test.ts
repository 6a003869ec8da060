/**
 * Of real sessions of MSN and Yahoo!, each thing that can be refused is refused, one at a time: what a bridge
 * forwards then is read again. The refused events are gone, all others are the same, and the framing holds to
 * the end of the stream.
 */
import { describe, expect, test } from 'vitest';
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import { MSNP } from '../../parsers/msnp/definition.ts';
import { YMSG } from '../../parsers/ymsg/definition.ts';
import { ImEvent } from '../../src/event/event.ts';
import { corpusPath } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { type Ear, feed, flowContext, neutralised, type Turn } from '../support/parser-harness.ts';
import { loadCapture, type StoredFrame } from './frames.ts';
import { at, headersOf, u16, u32 } from './headers.ts';
import { recordedNames } from './truth.ts';

const need = needs({ corpus: true });
/** Units tried of one capture: all of most, and so many spread over a longer one. */
const SAMPLE = 200;
const SYN = 2;
/** What somebody's decision is about: messages, files, requests, calls, invitations. */
const REFUSABLE =
  /^(?:message|typing|file\.offer|call\.offer|contact\.(?:request|add)|room\.invite|app\.unknown)$/;

interface Flow {
  readonly turns: Turn[];
  /** Sequence number that comes next, by direction. */
  readonly next: [number | undefined, number | undefined];
}

/** TCP connections whose opening was seen, their octets in order. */
function flowsOf(frames: readonly StoredFrame[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const frame of frames) {
    const h = headersOf(frame);
    if (h === undefined || h.transport !== 6 || h.version !== 4) continue;
    const { octets } = frame;
    const from = `${u32(octets, h.ipStart + 12)} ${u16(octets, h.transportStart)}`;
    const to = `${u32(octets, h.ipStart + 16)} ${u16(octets, h.transportStart + 2)}`;
    const sequence = u32(octets, h.transportStart + 4);
    const flags = at(octets, h.transportStart + 13);
    if ((flags & 0x12) === SYN)
      flows.set(`${from} ${to}`, { turns: [], next: [undefined, undefined] });
    const direction: Direction = flows.has(`${from} ${to}`) ? 0 : 1;
    const flow = flows.get(direction === 0 ? `${from} ${to}` : `${to} ${from}`);
    if (flow === undefined) continue;
    if ((flags & SYN) !== 0) flow.next[direction] = (sequence + 1) >>> 0;
    const wire = octets.subarray(h.payloadStart, h.payloadEnd);
    if (wire.length === 0 || flow.next[direction] !== sequence) continue;
    flow.next[direction] = (sequence + wire.length) >>> 0;
    flow.turns.push({ direction, wire });
  }
  return [...flows.values()];
}

function recognised(definition: ProtocolDefinition, { turns }: Flow): boolean {
  return turns.some(
    ({ direction, wire }) => definition.probe?.(direction, wire, false) === Probe.Yes,
  );
}

/** One unit of a flow that is refused, by its place. */
interface Refusal {
  readonly flow: Flow;
  readonly ear: Ear;
  readonly direction: Direction;
  readonly start: number;
}

function refusalsOf(definition: ProtocolDefinition, flows: readonly Flow[]): Refusal[] {
  const found = new Map<string, Refusal>();
  for (const [n, flow] of flows.entries()) {
    const ear = feed(definition.create(flowContext()), flow.turns);
    ear.units.forEach(({ direction, start, form }, i) => {
      if (start < 0 || form < 0 || !REFUSABLE.test(ear.events[i]?.kind ?? '')) return;
      found.set(`${n} ${direction} ${start}`, { flow, ear, direction, start });
    });
  }
  const all = [...found.values()];
  const step = Math.max(1, all.length / SAMPLE);
  return all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/**
 * Without what follows from the refused events: the further steps of a file that was never offered; whoever is
 * not on the list is asked again. Who is shut out is denied a request; without one, blocked.
 */
function others(events: readonly ImEvent[], gone: readonly ImEvent[]): ImEvent[] {
  const tokens = new Set(gone.map(({ file }) => file?.token));
  const added = new Set(gone.map(({ kind, contact }) => kind === 'contact.add' && contact));
  const asked = gone.some(({ kind }) => kind === 'contact.request');
  return events
    .filter(({ file }) => file?.token === undefined || !tokens.has(file.token))
    .filter(({ kind, contact = '' }) => kind !== 'contact.request' || !added.has(contact))
    .map((event) =>
      asked && event.kind === 'contact.deny'
        ? Object.assign(new ImEvent('contact.block'), event, { kind: 'contact.block' })
        : event,
    );
}

describe.skipIf(need.skip)(`each refusal leaves all else as it was${need.why}`, () => {
  const captures = need.skip
    ? []
    : [
        ...recordedNames('msnp').map((name) => [MSNP, 'msnp', name] as const),
        ...recordedNames('ymsg').map((name) => [YMSG, 'ymsg', name] as const),
      ];

  test.each(captures.map((capture) => [`${capture[1]}/${capture[2]}`, capture] as const))(
    '%s',
    async (_, [definition, folder, name]) => {
      const { frames } = await loadCapture(corpusPath('recorded', folder, `${name}.pcap`));
      const flows = flowsOf(frames).filter((flow) => recognised(definition, flow));
      const refusals = refusalsOf(definition, flows);
      expect(refusals.length).toBeGreaterThan(5);
      for (const { flow, ear, direction, start } of refusals) {
        const refused = (i: number) =>
          ear.units[i]?.direction === direction && ear.units[i]?.start === start;
        let i = 0;
        const turns = neutralised(definition, flow.turns, () => refused(i++), { step: 11 });
        const again = feed(definition.create(flowContext()), turns);
        const gone = ear.events.filter((_, n) => refused(n));
        const left = ear.events.filter((_, n) => !refused(n));
        const what = JSON.stringify(gone.map(({ kind, text }) => [kind, text]));
        expect(others(again.events, gone), `${what} at ${start}`).toEqual(others(left, gone));
      }
    },
  );
});
