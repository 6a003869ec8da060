/**
 * One suite for every parser: what it makes of a conversation does not depend on how the octets come.
 *
 * A `Row` is a conversation people can read: turns of wire, and what must be heard. `describeRows` runs
 * each whole, octet by octet, cut in two everywhere, and at every prefix of its last turn; pieces are
 * overwritten after each push, so that a parser that keeps a view of lent octets is caught.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type FlowFacts,
  type FlowParser,
  type ParserSink,
  type ProtocolDefinition,
  type RefusedUnit,
  type Replacement,
  Status,
  type Unit,
} from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';

export const PASS: VerdictRecord = { action: 'pass', enforced: false };
export const DROP: VerdictRecord = { action: 'drop', enforced: true };

/** What was said: an event's own fields, or something else by name. */
export type Heard = Readonly<Record<string, unknown>>;

export interface Turn {
  readonly direction: Direction;
  readonly wire: Uint8Array;
}

export interface Row {
  readonly name: string;
  readonly turns: readonly Turn[];
  readonly want: readonly Heard[];
  readonly context?: Partial<FlowContext>;
}

/** Fields that every event of a protocol has alike, left out of what was heard. */
const ALIKE: ReadonlySet<string> = new Set(['time', 'service', 'protocol', 'visibility']);

/** Writes down all that a parser says, in order. */
export class Ear implements ParserSink {
  readonly heard: Heard[] = [];
  readonly events: ImEvent[] = [];
  /** One for each event. */
  readonly units: Unit[] = [];
  readonly expected: ExpectedConnection[] = [];
  /** Of those, the ones that the parser says are of a refused offer. */
  readonly refused: ExpectedConnection[] = [];
  readonly handedOver: Uint8Array[] = [];
  judge: (event: ImEvent, unit: Unit) => VerdictRecord = () => PASS;
  /** Whether the catalogue knows a service by these facts. */
  known: (facts: FlowFacts) => boolean = () => false;
  readonly #also: ReadonlySet<string>;

  /** `also`: fields that are written down although every event has them (`service`, `visibility`). */
  constructor(also: readonly string[] = []) {
    this.#also = new Set(also);
  }

  event(event: ImEvent, unit: Unit): VerdictRecord {
    const said: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(event)) {
      if (value === undefined || (ALIKE.has(name) && !this.#also.has(name))) continue;
      said[name] = name === 'file' || name === 'call' ? known(value) : value;
    }
    this.heard.push(said);
    this.events.push(event);
    this.units.push({ ...unit });
    return this.judge(event, unit);
  }

  anomaly(name: string): void {
    this.heard.push({ anomaly: name });
  }

  expect(connection: ExpectedConnection, refused = false): void {
    this.expected.push(connection);
    if (refused) this.refused.push(connection);
  }

  /** Written down with its fingerprints; `known` answers. */
  identify({ tls, unit, ...facts }: FlowFacts): boolean {
    const said = { ...facts, unit: unit && { ...unit }, tls: tls && known(tls()) };
    this.heard.push({ identify: known(said) });
    return this.known({ ...facts, unit });
  }

  resolved(host: string, addresses: readonly string[], ttl: number): void {
    this.heard.push({ resolved: host, addresses, ttl });
  }

  handOver(protocol: string, reason: string, toServer?: Uint8Array, toClient?: Uint8Array): void {
    this.heard.push({ handOver: protocol, reason });
    this.handedOver.push(
      (toServer ?? new Uint8Array(0)).slice(),
      (toClient ?? new Uint8Array(0)).slice(),
    );
  }
}

/** Without the members that are not known. */
function known(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

export function flowContext(changes: Partial<FlowContext> = {}): FlowContext {
  return {
    transport: 'tcp',
    clientAddress: '10.0.0.1',
    clientPort: 40000,
    serverAddress: '10.0.0.2',
    serverPort: 5000,
    midstream: false,
    expected: undefined,
    memory: new Map<string, unknown>(),
    follow: () => {
      const hash = createHash('sha256');
      return {
        write: (octets) => {
          hash.update(octets);
        },
        finish: () => hash.digest('hex'),
        discard() {},
      };
    },
    expectedByToken: () => undefined,
    ...changes,
  };
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** One octet a character up to U+00FF, so `\xff` is the octet ff; anything beyond as UTF-8. */
export function octets(text: string): Uint8Array {
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) out.push(code);
    else out.push(...new TextEncoder().encode(character));
  }
  return Uint8Array.from(out);
}

/** `2a 02 'hello' 00`: hex digits, and text in quotes as `octets` reads it. */
export function hex(written: string): Uint8Array {
  const parts = written.match(/'[^']*'|[0-9a-fA-F]{2}/g) ?? [];
  return joined(
    ...parts.map((part) =>
      part.startsWith("'") ? octets(part.slice(1, -1)) : Uint8Array.of(Number.parseInt(part, 16)),
    ),
  );
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A turn of the client, to the server. */
export function client(...parts: readonly (Uint8Array | string)[]): Turn {
  return { direction: Direction.ToServer, wire: wireOf(parts) };
}

/** A turn of the server, to the client. */
export function server(...parts: readonly (Uint8Array | string)[]): Turn {
  return { direction: Direction.ToClient, wire: wireOf(parts) };
}

function wireOf(parts: readonly (Uint8Array | string)[]): Uint8Array {
  return joined(...parts.map((part) => (typeof part === 'string' ? octets(part) : part)));
}

/** The pieces between the given positions. */
export function cut(whole: Uint8Array, at: readonly number[]): Uint8Array[] {
  const edges = [...[...at].sort((a, b) => a - b), whole.length];
  return edges.map((edge, i) => whole.subarray(i === 0 ? 0 : edges[i - 1], edge));
}

export function feed(
  parser: FlowParser,
  turns: readonly Turn[],
  cutAt: (length: number) => readonly number[] = () => [],
  ear = new Ear(),
): Ear {
  let status: Status = Status.More;
  for (const { direction, wire } of turns) {
    for (const piece of cut(wire, cutAt(wire.length))) {
      if (status !== Status.More) return ear;
      const lent = Uint8Array.from(piece);
      status = parser.push(direction, lent, ear);
      lent.fill(0xee);
    }
  }
  return ear;
}

export interface RowOptions {
  /** Fields written down besides (see `Ear`). */
  readonly also?: readonly string[];
  /** Datagrams are never cut. */
  readonly datagrams?: boolean;
  /** Every n-th position is cut; 1 unless rows are long. */
  readonly step?: number;
}

/** The tests of a table of rows. */
export function describeRows(
  definition: ProtocolDefinition,
  rows: readonly Row[],
  { also = [], datagrams = false, step = 1 }: RowOptions = {},
): void {
  const run = ({ context, turns }: Row, cutAt?: (length: number) => readonly number[]) =>
    feed(definition.create(flowContext(context)), turns, cutAt, new Ear(also)).heard;
  describe.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
    test('whole', () => expect(run(row)).toEqual(row.want));
    if (datagrams) return;

    test('octet by octet', () => {
      expect(run(row, (length) => [...Array(length).keys()])).toEqual(row.want);
    });

    test('every turn cut in two everywhere', () => {
      const longest = Math.max(...row.turns.map(({ wire }) => wire.length));
      for (let at = 1; at < longest; at += step) {
        expect(
          run(row, (length) => (at < length ? [at] : [])),
          `cut at ${at}`,
        ).toEqual(row.want);
      }
    });

    test('every prefix says a prefix of it', () => {
      const last = row.turns.at(-1);
      if (last === undefined) return;
      for (let length = 0; length < last.wire.length; length += step) {
        const wire = last.wire.subarray(0, length);
        const heard = run({ ...row, turns: [...row.turns.slice(0, -1), { ...last, wire }] });
        expect(row.want.slice(0, heard.length), `${length} octets of the last turn`).toEqual(heard);
      }
    });
  });
}

/** A whole conversation with the refused units made neutral: what a bridge would forward. */
export function neutralised(
  definition: ProtocolDefinition,
  turns: readonly Turn[],
  refuse: (event: ImEvent) => boolean,
  { context = {}, step = 7 }: { context?: Partial<FlowContext>; step?: number } = {},
): Turn[] {
  const ear = feed(definition.create(flowContext(context)), turns);
  const streams = [Direction.ToServer, Direction.ToClient].map((direction) =>
    joined(...turns.filter((turn) => turn.direction === direction).map(({ wire }) => wire)),
  );
  const done = new Set<string>();
  ear.units.forEach((unit, i) => {
    const event = ear.events[i];
    const stream = streams[unit.direction];
    if (event === undefined || stream === undefined || !refuse(event)) return;
    const { direction, start, end, head, form } = unit;
    if (start < 0 || end < start || form < 0) throw new Error(`${event.kind} has no neutral form`);
    if (done.has(`${direction} ${start}`)) return;
    done.add(`${direction} ${start}`);
    const refused: RefusedUnit = { direction, length: end - start, head, form };
    for (let at = start; at < end; at += step) {
      const part = stream.subarray(at, Math.min(at + step, end));
      definition.neutralise?.(part, at - start, refused);
    }
  });
  const at = [0, 0];
  return turns.map(({ direction, wire }) => {
    const from = at[direction] ?? 0;
    at[direction] = from + wire.length;
    return { direction, wire: (streams[direction] ?? wire).slice(from, from + wire.length) };
  });
}

export interface Replaced {
  readonly event: ImEvent;
  readonly unit: Unit;
  readonly replacement: Replacement | undefined;
}

/** What the parser would put in the place of each refused unit. */
export function replaced(
  definition: ProtocolDefinition,
  turns: readonly Turn[],
  refuse: (event: ImEvent) => boolean,
  notice: string | undefined,
  context: Partial<FlowContext> = {},
): Replaced[] {
  const parser = definition.create(flowContext(context));
  const found: Replaced[] = [];
  const ear = new Ear();
  ear.judge = (event, unit) => {
    if (!refuse(event)) return PASS;
    found.push({ event, unit: { ...unit }, replacement: parser.replace?.(event, unit, notice) });
    return DROP;
  };
  feed(parser, turns, undefined, ear);
  return found;
}
