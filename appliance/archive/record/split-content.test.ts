import { describe, expect, it } from 'vitest';
import { splitContent } from './split-content.ts';
import { wholeEvent } from './whole-event.ts';

/** Whole event → envelope, content; as JSON, since the order of members is stored. */
const TABLE: readonly (readonly [name: string, whole: string, event: string, content?: string])[] =
  [
    [
      'a message',
      '{"v":1,"id":"1","ts":"2026-11-26T08:00:00.000000Z","kind":"message","from":"a","to":["b"],"text":"hi","markup":"<b>hi</b>","subject":"s","thread":"t"}',
      '{"v":1,"id":"1","ts":"2026-11-26T08:00:00.000000Z","kind":"message","from":"a","to":["b"]}',
      '{"text":"hi","markup":"<b>hi</b>","subject":"s","thread":"t"}',
    ],
    ['nothing said', '{"v":1,"kind":"typing","from":"a"}', '{"v":1,"kind":"typing","from":"a"}'],
    [
      'a file: its name and address are content, its size and digest are not',
      '{"kind":"file.offer","file":{"name":"plan.xls","size":7,"sha256":"ab","url":"http://x/y"}}',
      '{"kind":"file.offer","file":{"size":7,"sha256":"ab"}}',
      '{"file":{"name":"plan.xls","url":"http://x/y"}}',
    ],
    [
      'a file with nothing but a name',
      '{"kind":"file.offer","file":{"name":"plan.xls"}}',
      '{"kind":"file.offer"}',
      '{"file":{"name":"plan.xls"}}',
    ],
    [
      'a verdict: what it matched and told is content',
      '{"kind":"message","text":"x","verdict":{"action":"drop","enforced":true,"rule":"r","matched":["text has x"],"tags":["dlp"],"tell":"no x here"}}',
      '{"kind":"message","verdict":{"action":"drop","enforced":true,"rule":"r","tags":["dlp"]}}',
      '{"text":"x","verdict":{"matched":["text has x"],"tell":"no x here"}}',
    ],
    [
      'status, reason and display name',
      '{"kind":"presence","from":"a","state":"away","status":"lunch","reason":"r","name":"Alice"}',
      '{"kind":"presence","from":"a","state":"away"}',
      '{"status":"lunch","reason":"r","name":"Alice"}',
    ],
    [
      'members out of order come out in the order of the model',
      '{"text":"hi","from":"a","kind":"message","v":1,"name":"n","markup":"m"}',
      '{"v":1,"kind":"message","from":"a"}',
      '{"text":"hi","markup":"m","name":"n"}',
    ],
    [
      'what this version does not know is content',
      '{"kind":"message","whisper":"secret","__proto__":{"x":1},"constructor":"c"}',
      '{"kind":"message"}',
      '{"whisper":"secret","__proto__":{"x":1},"constructor":"c"}',
    ],
    [
      'what is not of its type is content',
      '{"kind":"message","file":"plan.xls","verdict":["drop"]}',
      '{"kind":"message"}',
      '{"file":"plan.xls","verdict":["drop"]}',
    ],
  ];

const CASES = TABLE.map(([name, whole, event, content]) => ({ name, whole, event, content }));

describe('splitContent', () => {
  it.each(CASES)('$name', ({ whole, event, content }) => {
    const split = splitContent(JSON.parse(whole));
    expect(JSON.stringify(split.event)).toBe(event);
    expect(split.content && JSON.stringify(split.content)).toBe(content);
  });

  it.each(CASES)('$name: put together again, nothing is missing', ({ whole }) => {
    const { event, content } = splitContent(JSON.parse(whole));
    expect(sorted(wholeEvent(event, content))).toBe(sorted(JSON.parse(whole)));
  });

  it('puts an event together as encodeEvent wrote it', () => {
    const line =
      '{"v":1,"id":"1","kind":"file.offer","from":"a","text":"t","file":{"name":"n","size":7,"url":"u","offset":3},"reason":"r","verdict":{"action":"drop","enforced":true,"matched":["m"],"tags":["x"],"tell":"t","why":"w"},"subject":"s","name":"n","packet":4}';
    const { event, content } = splitContent(JSON.parse(line));
    expect(JSON.stringify(wholeEvent(event, content))).toBe(line);
  });
});

function sorted(value: unknown): string {
  return JSON.stringify(
    Object.entries(Object(value)).sort(([a], [b]) => (a < b ? -1 : 1)),
    (_k, v) =>
      typeof v === 'object' && v !== null && !Array.isArray(v)
        ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
        : v,
  );
}
