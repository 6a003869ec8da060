import fc from 'fast-check';
import { expect, it } from 'vitest';
import { envelopeHead } from './envelope.ts';
import { type EventHead, mostOfHead, writeEventHead } from './event-head.ts';

it('writes what envelopeHead says, in the room it asked for', () => {
  const digest = 'a5'.repeat(32);
  const at = fc.constantFrom('2026-11-26T08:00:00.123456Z', '2026-11-26T08:00:00Z');
  const heads = fc.record({
    at,
    conversation: fc.option(fc.oneof(fc.nat(), fc.maxSafeNat()), { nil: undefined }),
    repeat: fc.boolean(),
    subject: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    content: fc.constantFrom(undefined, digest),
  });
  const property = fc.property(heads, (head: EventHead) => {
    const target = Buffer.alloc(mostOfHead(head) + 3);
    const end = writeEventHead(head, target, 3);
    const text = envelopeHead({ kind: 'event', ...head, repeat: head.repeat || undefined });
    expect(target.toString('utf8', 3, end)).toBe(`${text},"event":`);
  });
  const powers = [0, 9, 10, 99, 100, 2 ** 31, 1e15, Number.MAX_SAFE_INTEGER];
  const examples = powers.map((conversation): [EventHead] => [
    {
      at: '2026-11-26T08:00:00Z',
      conversation,
      repeat: false,
      subject: undefined,
      content: digest,
    },
  ]);
  fc.assert(property, { numRuns: 200, examples });
});
