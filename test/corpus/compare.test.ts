/** The comparison itself is held to account: it must see what is missing, wrong, invented, or twice. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import { compare, type Expected, OneOf } from './compare.ts';
import type { StoredFrame } from './frames.ts';
import { headersOf } from './headers.ts';
import { isJudged } from './judged.ts';
import { ledgerFaults } from './ledger.ts';
import { TcpTalk } from './packets.ts';
import { cut, merge, reorder } from './recut.ts';

function message(text: string, from = 'ann'): ImEvent {
  const event = new ImEvent('message');
  Object.assign(event, { origin: 'client', from, to: ['bob'], text });
  return event;
}

const wanted = (text: string, more: Partial<Expected> = {}): Expected => ({
  what: text,
  fields: { kind: 'message', origin: 'client', from: 'ann', to: 'bob', text },
  ...more,
});
const run = (expected: readonly Expected[], events: readonly ImEvent[]) =>
  compare(expected, events, isJudged, [
    { why: 'said by the server', covers: (facts) => facts.from === 'server' },
  ]);

describe('compare', () => {
  test('finds what is there', () => {
    const result = run([wanted('a'), wanted('b')], [message('b'), message('a')]);
    expect(result).toMatchObject({ expected: 2, found: 2, differences: [] });
  });

  test.each([
    ['missing', [wanted('a')], [], ['MISSING a']],
    ['invented', [], [message('a')], ['INVENTED']],
    ['twice in the truth, once said', [wanted('a'), wanted('a')], [message('a')], ['MISSING a']],
    ['once in the truth, twice said', [wanted('a')], [message('a'), message('a')], ['INVENTED']],
    [
      'from another',
      [wanted('a')],
      [message('a', 'eve')],
      ['from: expected "ann", found "eve"', 'INVENTED'],
    ],
    ['other words', [wanted('a')], [message('b')], ['text: expected "a", found "b"', 'INVENTED']],
  ] as const)('%s', (_what, expected, events, differences) => {
    const result = run(expected, events);
    expect(result.differences).toHaveLength(differences.length);
    for (const [i, text] of differences.entries()) expect(result.differences[i]).toContain(text);
  });

  test('optional items are neither missing nor invented; explained events are counted', () => {
    const events = [message('a'), message('x', 'server')];
    const result = run([wanted('a', { optional: true }), wanted('b', { optional: true })], events);
    expect(result).toMatchObject({ expected: 0, found: 0, optionalFound: 1, differences: [] });
    expect([...result.explained]).toEqual([['said by the server', 1]]);
  });

  test('a field may be one of several, or must be absent', () => {
    const open = wanted('a', { fields: { kind: 'message', from: new OneOf('ann', undefined) } });
    expect(run([open], [message('a')]).differences).toEqual([]);
    const absent = wanted('a', { fields: { kind: 'message', from: undefined } });
    expect(run([absent], [message('a')]).differences).toHaveLength(2);
  });
});

describe('the ledger', () => {
  test('an event that is not in the schema, and a flow that never ends', () => {
    const event = message('a');
    Object.assign(event, {
      id: 'x',
      flow: { id: 'f', transport: 'tcp', client: 'a:1', server: 'b:2' },
    });
    const faults = ledgerFaults([event]);
    expect(faults.some((fault) => fault.includes('0 flow.end'))).toBe(true);
    expect(faults.some((fault) => fault.includes('identified 0 times'))).toBe(true);
  });
});

describe('recut', () => {
  const talk = new TcpTalk({ address: 1, port: 1000 }, { address: 2, port: 2000 }, 0);
  const encoder = new TextEncoder();
  const said = [0, 0, 1, 0].map((by, i) => talk.say(by as 0 | 1, encoder.encode(`words ${i} `)));
  const frames = [...talk.open(), ...said];
  const octets = (of: readonly StoredFrame[]) =>
    of
      .flatMap((frame) => {
        const h = headersOf(frame);
        return h
          ? [new TextDecoder().decode(frame.octets.subarray(h.payloadStart, h.payloadEnd))]
          : [];
      })
      .join('');

  test('cut and merged, the octets stay', () => {
    expect(octets(frames)).toBe('words 0 words 1 words 2 words 3 ');
    expect(octets(cut(frames, 3))).toBe(octets(frames));
    expect(cut(frames, 1)).toHaveLength(3 + octets(frames).length);
    expect(octets(merge(cut(frames, 3)))).toBe(octets(frames));
    expect(merge(cut(frames, 3))).toHaveLength(3 + 3);
  });

  test('reordered, only successive segments of one direction change places', () => {
    expect(octets(reorder(frames, 2))).toBe('words 1 words 0 words 2 words 3 ');
  });
});
