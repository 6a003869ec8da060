import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventFacts } from './event-facts.ts';
import { scanEvent } from './scan-event.ts';
import { splitContent } from './split-content.ts';

const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom(...'{}[],:é😀a '), minLength: 1 }) },
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'a'), minLength: 1 }),
);
const optional = { requiredKeys: ['kind' as const] };
/** Members in the order of encodeEvent. */
const written = fc.record(
  {
    v: fc.constant(1),
    id: text,
    kind: text,
    flow: fc.record({ id: text, client: text, vlan: fc.nat() }),
    from: text,
    to: fc.array(text, { minLength: 1 }),
    text,
    markup: text,
    file: fc.record({ size: fc.nat(), token: text }),
    status: text,
    verdict: fc.record({
      action: text,
      tags: fc.array(text),
      shadow: fc.array(fc.record({ rule: text })),
    }),
    subject: text,
    name: text,
    totals: fc.record({ duration: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    packet: fc.nat(),
  },
  optional,
);

describe('scanEvent', () => {
  it('reads what JSON.parse and splitContent read', () => {
    const property = fc.property(written, (made) => {
      const line = JSON.stringify(made);
      const { event, content } = splitContent(JSON.parse(line));
      const scanned = scanEvent(line);
      const careful = /[\\\p{Cc}]/u.test(line) || line.length > 4096;
      expect(scanned === undefined).toBe(careful);
      if (scanned === undefined) return;
      expect(scanned.eventJson).toBe(JSON.stringify(event));
      expect(scanned.contentJson).toBe(content && JSON.stringify(content));
      expect(eventFacts(scanned.values)).toEqual(eventFacts(event));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('takes nothing for an event that JSON.parse does not take', () => {
    const signs = fc.constantFrom('', ...'"{}[],:0 a', '"a"', '\ud800');
    const property = fc.property(written, fc.nat(), fc.nat(3), signs, (made, at, cut, sign) => {
      const line = JSON.stringify(made);
      const place = at % line.length;
      const mangled = line.slice(0, place) + sign + line.slice(place + cut);
      const scanned = scanEvent(mangled);
      if (scanned === undefined) return;
      const { event, content } = splitContent(JSON.parse(mangled));
      expect(JSON.parse(scanned.eventJson)).toEqual(event);
      expect(scanned.contentJson && JSON.parse(scanned.contentJson)).toEqual(content);
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it.each([
    ['{"kind":"message","text":"hi"}', '{"kind":"message"}', '{"text":"hi"}'],
    ['{"text":"hi"}', '{}', '{"text":"hi"}'],
    ['{"text":"hi","status":"s","packet":3}', '{"packet":3}', '{"text":"hi","status":"s"}'],
    ['{"kind":"gap","gap":{"octets":3}}', '{"kind":"gap","gap":{"octets":3}}', undefined],
    [
      '{"kind":"file.offer","to":["b"],"file":{"name":"n","size":7}}',
      '{"kind":"file.offer","to":["b"],"file":{"size":7}}',
      '{"file":{"name":"n"}}',
    ],
    ['{"file":{"name":"n"},"packet":0}', '{"packet":0}', '{"file":{"name":"n"}}'],
    [
      '{"text":"x","verdict":{"action":"drop","matched":["m"]},"name":"N"}',
      '{"verdict":{"action":"drop"}}',
      '{"text":"x","verdict":{"matched":["m"]},"name":"N"}',
    ],
  ])('%s', (line, eventJson, contentJson) => {
    expect(scanEvent(line)).toMatchObject({ eventJson, contentJson });
  });

  it.each([
    ['white space', '{"kind": "message"}'],
    ['white space at the end', '{"kind":"message"} '],
    ['white space within a list', '{"kind":"message","to":["a", "b"]}'],
    ['another order', '{"text":"hi","kind":"message"}'],
    ['a member twice', '{"text":"hi","text":"ho"}'],
    ['an unknown member', '{"kind":"message","whisper":"x"}'],
    ['a name with an escape', '{"k\\u0069nd":"message"}'],
    ['an escape', '{"kind":"message","text":"\\n"}'],
    ['a control character', '{"kind":"message","text":"\u0001"}'],
    ['a text that is none', '{"kind":"message","from":7}'],
    ['a number that is none', '{"v":01}'],
    ['a list that is none', '{"to":["a"}}'],
    ['nothing behind a comma', '{"kind":"message",}'],
    ['half a line', '{"kind":"message","text":"hi'],
    ['half a list', '{"kind":"message","to":["a"'],
    ['two lines', '{"kind":"message"}{"kind":"message"}'],
    ['a text', '"kind"'],
    ['a file that is none', '{"kind":"file.offer","file":"n"}'],
    ['nothing', '{}'],
  ])('leaves to splitContent: %s', (_name, line) => {
    expect(scanEvent(line)).toBeUndefined();
  });
});
