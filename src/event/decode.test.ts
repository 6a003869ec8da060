import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';

describe('partial events, as in rule tests', () => {
  test('only the kind is needed', () => {
    const { event } = decodeEvent({ kind: 'message' });
    expect(event).toMatchObject({ kind: 'message', visibility: 'content', time: 0 });
  });

  test('one recipient may stand alone; addresses need no port', () => {
    const { event } = decodeEvent({
      kind: 'message',
      to: 'bob',
      ts: '2026-11-23T10:00:00+01:00',
      flow: { client: '10.0.0.5', server: '2001:db8::1' },
    });
    expect(event).toMatchObject({
      to: ['bob'],
      time: Date.UTC(2026, 10, 23, 9) * 1000,
      flow: { transport: 'tcp', client: '10.0.0.5:0', server: '[2001:db8::1]:0' },
    });
  });
});

describe('problems name their place', () => {
  test.each([
    [{ kind: 'message', txt: 'x' }, 'txt', 'there is no such field'],
    [{ kind: 'file.offer', file: { nam: 'x' } }, 'file.nam', 'there is no such field'],
    [{ kind: 'message', text: '' }, 'text', 'is empty: leave a field that is not known out'],
    [
      { kind: 'message', ts: 'today' },
      'ts',
      'expected an RFC 3339 time such as 2026-11-23T09:30:00Z',
    ],
    [{ kind: 'message', text: 7 }, 'text', 'expected string, found number'],
    [null, '', 'expected object, found null'],
    [
      { kind: 'gap', gap: { cause: 'loss', direction: 'to-server' } },
      'gap.octets',
      'is missing: number',
    ],
  ])('%j', (json, path, message) => {
    expect(decodeEvent(json).problems).toEqual([{ path, message }]);
  });

  test('an unknown kind', () => {
    expect(decodeEvent({ kind: 'massage' }).problems?.[0]?.path).toBe('kind');
  });
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const { event, problems } = decodeEvent(json);
      expect(event === undefined).toBe(problems !== undefined);
    }),
  );
});
