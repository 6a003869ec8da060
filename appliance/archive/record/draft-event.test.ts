import { describe, expect, it } from 'vitest';
import { eventText } from './cut-line.ts';
import { EventDrafts } from './draft-event.ts';

const line = (archive?: string) =>
  JSON.stringify({
    ...{ v: 1, id: 'e1', ts: '2026-11-26T08:00:00.000001Z', kind: 'message', text: 'hi' },
    ...(archive !== undefined && { verdict: { action: 'pass', enforced: true, archive } }),
  });

describe('EventDrafts', () => {
  it.each([
    ['full', undefined, { text: 'hi' }],
    ['metadata', undefined, undefined],
    ['full', 'metadata', undefined],
    ['metadata', 'full', { text: 'hi' }],
    ['none', 'full', { text: 'hi' }],
    ['full', 'everything', { text: 'hi' }], // no such word: the default holds
  ] as const)('keeps %s, and the rule says %s', (keep, archive, content) => {
    const draft = new EventDrafts(keep).read(line(archive));
    expect(draft).toMatchObject({ kind: 'event', id: 'e1', time: 1_795_680_000_000_001 });
    expect(draft?.content).toEqual(content);
  });

  it('reads UTF-8 as it reads text, whatever is in the memory afterwards', () => {
    const awkward = [
      line(),
      line('metadata'),
      line().replace('hi', 'grüße 😀'),
      line().replace('hi', 'a\\nb'),
      line().replace('hi', 'x'.repeat(9000)),
      ' {"kind":"message","text":"hi"}',
    ];
    for (const text of awkward) {
      const octets = Buffer.from(text);
      const read = new EventDrafts().read(octets);
      octets.fill(0xee);
      const expected = new EventDrafts().draft(JSON.parse(text));
      expect([read?.id, read?.event, read?.content, read?.said, read?.searched()]).toEqual([
        ...[expected?.id, expected?.event, expected?.content, expected?.said],
        expected?.searched(),
      ]);
      expect(read?.facts).toEqual(expected?.facts);
    }
  });

  it('reads octets that are no UTF-8 as Unicode says', () => {
    const octets = Buffer.from(line().replace('hi', 'h\xffi'), 'latin1');
    expect(new EventDrafts().read(octets)?.content).toEqual({ text: 'h\ufffdi' });
  });

  it('counts what policy does not want, and what is no event', () => {
    const drafts = new EventDrafts();
    for (const text of [
      line('none'),
      line('none'),
      '',
      '7',
      'null',
      '[]',
      '"x"',
      '{"v":1',
      line(),
    ]) {
      drafts.read(text);
    }
    expect(drafts.takeCounts()).toEqual({ notArchived: 2, unreadable: 6 });
    expect(drafts.takeCounts()).toEqual({ notArchived: 0, unreadable: 0 });
  });

  it('keeps nothing of a text in the envelope where metadata alone is kept', () => {
    const draft = new EventDrafts('metadata').read(line());
    expect(draft && eventText(draft.octets, draft.parts)).toBe(
      '{"v":1,"id":"e1","ts":"2026-11-26T08:00:00.000001Z","kind":"message"}',
    );
    expect([draft?.parts.contentTo, draft?.searched()]).toEqual([0, '']);
  });

  it('refuses what is nested deeper than it can be written again', () => {
    const drafts = new EventDrafts();
    const draft = drafts.read(`{"kind":"message","to":${'['.repeat(1e5)}${']'.repeat(1e5)}}`);
    expect(draft === undefined).toBe(true);
    expect(drafts.takeCounts().unreadable).toBe(1);
  });
});
