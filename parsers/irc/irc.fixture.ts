/** Test support: runs a parser over pieces of wire and writes down all that it says, in order. */
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import {
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Unit,
} from '../contract.ts';

export const PASS: VerdictRecord = { action: 'pass', enforced: false };

/** What was said: an event's own fields, or something else by name. */
export type Heard = Readonly<Record<string, unknown>>;

/** Fields that every event of a protocol has alike, left out of what was heard. */
const ALIKE = new Set(['time', 'service', 'protocol', 'visibility']);

export class Ear implements ParserSink {
  readonly heard: Heard[] = [];
  readonly units: Unit[] = [];
  readonly expected: ExpectedConnection[] = [];
  judge: (event: ImEvent) => VerdictRecord = () => PASS;

  event(event: ImEvent, unit: Unit): VerdictRecord {
    const said: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(event)) {
      if (value !== undefined && !ALIKE.has(name)) said[name] = value;
    }
    this.heard.push(said);
    this.units.push({ ...unit });
    return this.judge(event);
  }
  anomaly(name: string): void {
    this.heard.push({ anomaly: name });
  }
  expect(connection: ExpectedConnection): void {
    this.expected.push(connection);
  }
  identify(): boolean {
    return false;
  }

  resolved(): void {}

  handOver(protocol: string, reason: string): void {
    this.heard.push({ handOver: protocol, reason });
  }
}

export function flowContext(changes: Partial<FlowContext> = {}): FlowContext {
  const shared = new Map<string, unknown>();
  return {
    transport: 'tcp',
    clientAddress: '10.0.0.1',
    clientPort: 40000,
    serverAddress: '10.0.0.2',
    serverPort: 6667,
    midstream: false,
    expected: undefined,
    memory: shared,
    follow: () => undefined,
    expectedByToken: () => undefined,
    ...changes,
  };
}

/** One octet a character up to U+00FF, so `\xff` is the octet ff; anything beyond as UTF-8. */
export function octets(text: string): Uint8Array {
  const out: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x100) out.push(code);
    else out.push(...new TextEncoder().encode(c));
  }
  return Uint8Array.from(out);
}

/** The pieces between the given positions. */
export function cut(whole: Uint8Array, at: readonly number[]): Uint8Array[] {
  const edges = [...[...at].sort((a, b) => a - b), whole.length];
  return edges.map((edge, i) => whole.subarray(i === 0 ? 0 : edges[i - 1], edge));
}

/** A turn of the conversation: `C: …` to the server or `S: …` to the client; lines end in CR LF. */
export interface Turn {
  readonly direction: Direction;
  readonly wire: Uint8Array;
}

export function conversation(...turns: readonly string[]): Turn[] {
  return turns.map((turn) => ({
    direction: turn.startsWith('C: ') ? Direction.ToServer : Direction.ToClient,
    wire: octets(`${turn.slice(3)}\r\n`),
  }));
}

/** Each piece is overwritten after its push, so a parser that keeps a view of it is caught. */
export function feed(
  parser: FlowParser,
  turns: readonly Turn[],
  cutAt: (length: number) => readonly number[] = () => [],
  ear = new Ear(),
): Ear {
  for (const { direction, wire } of turns) {
    for (const piece of cut(wire, cutAt(wire.length))) {
      const lent = Uint8Array.from(piece);
      parser.push(direction, lent, ear);
      lent.fill(0xee);
    }
  }
  return ear;
}
