import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asciiWords } from './ascii-words.ts';
import { words } from './words.ts';

const unit = fc.constantFrom(...'aZ09 @-_.\u0000\u007f', 'x'.repeat(63), 'Y'.repeat(130));

it('finds the words that words() finds', () => {
  const property = fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
    const octets = Buffer.from(`before${text}behind`);
    expect(asciiWords(octets, 6, octets.length - 6)).toBe(words(text).join(' '));
  });
  fc.assert(property, { numRuns: 300 });
});

it.each(['é', 'x'.repeat(4097)])('leaves the rest to words()', (text) => {
  const octets = Buffer.from(text);
  expect(asciiWords(octets, 0, octets.length)).toBeUndefined();
});
