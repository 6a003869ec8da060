import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';
import { encodeEvent } from './encode.ts';
import {
  ACTIONS,
  ACTIVITIES,
  CONFIDENCES,
  EVIDENCE,
  FILE_PURPOSES,
  ImEvent,
  MESSAGE_FORMS,
} from './event.ts';
import { EVENT_KINDS } from './kinds.ts';
import { eventSchema, transferMethodSchema } from './schema.ts';

const text = fc.string({ minLength: 1, unit: 'binary' });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const count = fc.nat();
const list = fc.array(text, { minLength: 1, maxLength: 3 });

/** Members that are undefined are left out: absent and undefined read the same. */
function compact<T extends object>(record: T): T {
  const known = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as T;
}

const flow = fc.record(
  {
    id: text,
    transport: fc.constantFrom('tcp' as const, 'udp' as const),
    client: fc.constant('10.0.0.5:40123'),
    server: fc.constant('[2001:db8::1]:5222'),
    vlan: fc.integer({ min: 0, max: 4095 }),
  },
  { requiredKeys: ['id', 'transport', 'client', 'server'] },
);
const file = fc
  .record({
    name: text,
    size: maybe(fc.maxSafeNat()),
    mime: maybe(text),
    sha256: maybe(fc.constant('ab'.repeat(32))),
    method: maybe(fc.constantFrom(...transferMethodSchema.options)),
    token: maybe(text),
    endpoint: maybe(text),
    url: maybe(text),
    offset: maybe(count),
    purpose: maybe(fc.constantFrom(...FILE_PURPOSES)),
  })
  .map(compact);
const verdict = fc
  .record({
    action: fc.constantFrom(...ACTIONS),
    enforced: fc.boolean(),
    rule: maybe(text),
    ruleset: maybe(text),
    matched: maybe(list),
    tags: maybe(list),
    alert: maybe(fc.constantFrom('low' as const, 'medium' as const, 'high' as const)),
    archive: maybe(fc.constantFrom('full' as const, 'metadata' as const, 'none' as const)),
    quarantine: maybe(fc.boolean()),
    log: maybe(fc.boolean()),
    count: maybe(list),
    learn: maybe(count),
    tell: maybe(text),
    shadow: maybe(
      fc.array(fc.record({ rule: text, action: text }), { minLength: 1, maxLength: 2 }),
    ),
    why: maybe(text),
  })
  .map(compact);
const totals = fc.record({
  packetsToServer: count,
  packetsToClient: count,
  octetsToServer: count,
  octetsToClient: count,
  duration: fc.double({ min: 0, max: 1e9, noNaN: true }).map(Math.abs),
  events: count,
  gaps: count,
  gapOctets: count,
  anomalies: count,
  midstream: fc.boolean(),
});

const fields = fc.record({
  time: fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
  id: text,
  service: maybe(text),
  protocol: maybe(text),
  protocolVersion: maybe(text),
  visibility: fc.constantFrom('content' as const, 'metadata' as const, 'opaque' as const),
  flow: maybe(flow),
  origin: maybe(fc.constantFrom('client' as const, 'server' as const)),
  account: maybe(text),
  from: maybe(text),
  fromResource: maybe(text),
  to: maybe(list),
  room: maybe(text),
  text: maybe(text),
  markup: maybe(text),
  file: maybe(file),
  contact: maybe(text),
  list: maybe(fc.constantFrom('allow' as const, 'roster' as const)),
  call: maybe(fc.record({ media: fc.constant('audio' as const), token: text })),
  state: maybe(text),
  status: maybe(text),
  reason: maybe(text),
  tls: maybe(
    fc.record({
      version: text,
      sni: text,
      alpn: text,
      ja3: text,
      ja4: text,
      ech: fc.boolean(),
    }),
  ),
  verdict: maybe(verdict),
  messageId: maybe(text),
  refersTo: maybe(text),
  subject: maybe(text),
  thread: maybe(text),
  form: maybe(fc.constantFrom(...MESSAGE_FORMS)),
  route: maybe(fc.constantFrom('direct' as const, 'room' as const)),
  copy: maybe(fc.constantFrom('echo' as const, 'carbon' as const)),
  sentAt: maybe(text),
  encrypted: maybe(text),
  name: maybe(text),
  groups: maybe(list),
  subscription: maybe(text),
  gap: maybe(
    fc.record({
      octets: count,
      cause: fc.constantFrom('loss' as const, 'memory' as const),
      direction: fc.constantFrom('to-server' as const, 'to-client' as const),
    }),
  ),
  totals: maybe(totals),
  anomalies: maybe(list),
  person: maybe(text),
  peers: maybe(list),
  activity: maybe(fc.constantFrom(...ACTIVITIES)),
  evidence: maybe(fc.constantFrom(...EVIDENCE)),
  confidence: maybe(fc.constantFrom(...CONFIDENCES)),
  host: maybe(text),
  packet: maybe(fc.integer({ min: 1 })),
  capture: maybe(text),
});

const anyEvent = fc
  .tuple(fc.constantFrom(...EVENT_KINDS), fields)
  .map(([kind, values]) => Object.assign(new ImEvent(kind), values));

const lineHazard = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('encodeEvent and decodeEvent', () => {
  test('the generator knows every field', () => {
    const [sample] = fc.sample(anyEvent, 1);
    const generated = Object.keys(fc.sample(fields, 1)[0] ?? {});
    expect(['kind', ...generated].sort()).toEqual(Object.keys(new ImEvent('message')).sort());
    expect(sample).toBeInstanceOf(ImEvent);
  });

  test('what is written reads back the same, fits the schema, and is harmless on a terminal', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const line = encodeEvent(event);
        expect(line).not.toMatch(lineHazard);
        const json: unknown = JSON.parse(line);
        expect(eventSchema.safeParse(json).error).toBeUndefined();
        expect(decodeEvent(json)).toEqual({ event, problems: undefined });
      }),
      { numRuns: 200 },
    );
  });

  test('fields come in the order of the model', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const order = Object.keys(eventSchema.shape);
        const places = Object.keys(JSON.parse(encodeEvent(event))).map((key) => order.indexOf(key));
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  test('lone surrogates become U+FFFD, pairs stay', () => {
    const event = new ImEvent('message');
    event.text = 'a\ud800b\udc00 \u{1f600}';
    expect(JSON.parse(encodeEvent(event)).text).toBe('a\ufffdb\ufffd \u{1f600}');
  });

  test('empty texts, empty lists and numbers that are none are absent', () => {
    const event = new ImEvent('message');
    event.text = '';
    event.to = [];
    event.file = { size: Number.NaN };
    expect(JSON.parse(encodeEvent(event))).toEqual({
      v: 1,
      ts: '1970-01-01T00:00:00.000000Z',
      kind: 'message',
      visibility: 'content',
    });
  });
});
