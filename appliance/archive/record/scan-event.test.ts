import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventText } from './cut-line.ts';
import { completeDraft } from './event-draft.ts';
import { scanEvent } from './scan-event.ts';
import type { ScannedDraft } from './scanned-draft.ts';
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
    ts: fc.oneof(fc.constant('2026-11-26T08:00:00.123456Z'), text),
    kind: fc.oneof(fc.constantFrom('message', 'room.invite'), text),
    service: fc.constantFrom('xmpp', 'irc', 'x'),
    protocol: fc.constantFrom('xmpp', 'irc'),
    flow: fc.record({ id: text, client: text, vlan: fc.nat() }),
    origin: fc.constantFrom('client', 'server'),
    account: fc.oneof(fc.constantFrom('a@b', 'A@b/c'), text),
    from: fc.oneof(fc.constantFrom('a@b', 'A@b/c'), text),
    to: fc.array(text, { minLength: 1 }),
    room: fc.oneof(fc.constantFrom('r', 'R'), text),
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
    form: text,
    copy: fc.constantFrom('echo', 'carbon'),
    name: text,
    totals: fc.record({ duration: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
    person: fc.constantFrom('p', 'q'),
    peers: fc.array(fc.constantFrom('p', 'q'), { minLength: 1, maxLength: 2 }),
    packet: fc.nat(),
  },
  optional,
);

function eventJson({ octets, parts }: ScannedDraft): string {
  return eventText(octets, parts);
}

function contentJson({ octets, parts }: ScannedDraft): string | undefined {
  return parts.contentTo === 0
    ? undefined
    : octets.toString('utf8', parts.contentFrom, parts.contentTo);
}

/** It has escapes, or what JSON has no place for, or is long. */
function mustBeParsed(line: string): boolean {
  const octets = Buffer.from(line);
  return octets.length > 4096 || octets.some((octet) => octet < 0x20 || octet === 0x5c);
}

describe('scanEvent', () => {
  it('reads what JSON.parse and splitContent read', () => {
    const property = fc.property(written, (made) => {
      const line = JSON.stringify(made);
      const { event, content } = splitContent(JSON.parse(line));
      const careful = mustBeParsed(line);
      for (const given of [line, Buffer.from(line)]) {
        const scanned = scanEvent(given);
        expect(scanned === undefined).toBe(careful);
        if (scanned === undefined) continue;
        expect(eventJson(scanned)).toBe(JSON.stringify(event));
        expect(contentJson(scanned)).toBe(content && JSON.stringify(content));
        const whole = completeDraft(event, content, made.text);
        expect(scanned.facts).toEqual(whole.facts);
        expect([scanned.id, scanned.said]).toEqual([whole.id, whole.said]);
        expect(scanned.searched()).toBe(whole.searched());
      }
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
      const whole = JSON.parse(mangled);
      const { event, content } = splitContent(whole);
      expect([scanned.event, scanned.content]).toEqual([event, content]);
      const complete = completeDraft(event, content, whole.text);
      expect(scanned.facts).toEqual(complete.facts);
      expect([scanned.id, scanned.said]).toEqual([complete.id, complete.said]);
      expect(scanned.searched()).toBe(complete.searched());
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it.each([
    ['{"kind":"message","text":"hi"}', '{"kind":"message"}', '{"text":"hi"}'],
    ['{"text":"hi"}', '{}', '{"text":"hi"}'],
    ['{"text":"hi","packet":3}', '{"packet":3}', '{"text":"hi"}'],
    ['{"v":1,"subject":"s","form":"f"}', '{"v":1,"form":"f"}', '{"subject":"s"}'],
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
  ])('%s', (line, event, content) => {
    const scanned = scanEvent(line);
    expect(scanned && [eventJson(scanned), contentJson(scanned)]).toEqual([event, content]);
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
    ['half a character', '{"kind":"message","text":"\ud800"}'],
    ['what is no UTF-8', Buffer.from('{"kind":"message","text":"\xff"}', 'latin1')],
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
