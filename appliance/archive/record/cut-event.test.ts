import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEvent } from './cut-event.ts';
import { splitContent } from './split-content.ts';

const text = fc.oneof(
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

describe('cutEvent', () => {
  it('cuts what splitContent splits', () => {
    const property = fc.property(written, (made) => {
      const line = JSON.stringify(made);
      const whole = JSON.parse(line);
      const { event, content } = splitContent(whole);
      expect(cutEvent(line, whole)).toEqual({
        eventJson: JSON.stringify(event),
        contentJson: content && JSON.stringify(content),
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each([
    ['{"kind":"message","text":"hi"}', '{"kind":"message"}', '{"text":"hi"}'],
    ['{"text":"hi"}', '{}', '{"text":"hi"}'],
    ['{"text":"hi","status":"s","packet":3}', '{"packet":3}', '{"text":"hi","status":"s"}'],
    ['{"kind":"gap","gap":{"octets":3}}', '{"kind":"gap","gap":{"octets":3}}', undefined],
    ['{"kind":"x","text":"\\u202e"}', '{"kind":"x"}', '{"text":"\\u202e"}'], // stays escaped
  ])('%s', (line, eventJson, contentJson) => {
    expect(cutEvent(line, JSON.parse(line))).toEqual({ eventJson, contentJson });
  });

  it.each([
    ['white space', '{"kind": "message"}'],
    ['white space at the end', '{"kind":"message"} '],
    ['white space within a list', '{"kind":"message","to":["a", "b"]}'],
    ['another order', '{"text":"hi","kind":"message"}'],
    ['a member twice', '{"text":"hi","text":"ho"}'],
    ['an unknown member', '{"kind":"message","whisper":"x"}'],
    ['a name with an escape', '{"k\\u0069nd":"message"}'],
    ['content within a file', '{"kind":"file.offer","file":{"name":"n"}}'],
    ['content within a verdict', '{"kind":"message","verdict":{"matched":["m"]}}'],
    ['a file that is none', '{"kind":"file.offer","file":"n"}'],
    ['nothing', '{}'],
  ])('leaves to splitContent: %s', (_name, line) => {
    expect(cutEvent(line, JSON.parse(line))).toBeUndefined();
  });
});
