import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PATTERN_NAMES, type PatternName } from '../fields.ts';
import { findPattern } from './pattern.ts';

function found(pattern: PatternName, text: string): string[] {
  return findPattern(pattern, text, 100).map(({ start, end }) => text.slice(start, end));
}

/** [text, what is found in it] */
const TABLE: Readonly<Record<PatternName, readonly (readonly [string, readonly string[]])[]>> = {
  'payment-card': [
    ['4111111111111111', ['4111111111111111']],
    ['pay 4111 1111 1111 1111 now', ['4111 1111 1111 1111']],
    ['4111-1111-1111-1111.', ['4111-1111-1111-1111']],
    ['４１１１１１１１１１１１１１１１', ['４１１１１１１１１１１１１１１１']],
    ['4111\u200b1111\u200b11111111', ['4111\u200b1111\u200b11111111']],
    ['4111\u00a01111\u20131111\u20131111', ['4111\u00a01111\u20131111\u20131111']],
    ['378282246310005 and 5555555555554444', ['378282246310005', '5555555555554444']],
    ['2223003122003222', ['2223003122003222']],
    ['12 4111 1111 1111 1111 99', ['4111 1111 1111 1111']],
    [
      '6011111111111117 3530111333300000 30569309025904',
      ['6011111111111117', '3530111333300000', '30569309025904'],
    ],
    ['4111111111111112', []], // Luhn
    ['1234567812345670', []], // no brand
    ['44444444444444448', []], // no length of the brand
    ['0000000000000000', []],
    ['4111  1111  1111  1111', []], // two spaces: a table
    ['41111111111111111', []], // one digit more
    ['4222222222222', ['4222222222222']],
  ],
  iban: [
    ['DE89370400440532013000', ['DE89370400440532013000']],
    ['to DE89 3704 0044 0532 0130 00, please', ['DE89 3704 0044 0532 0130 00']],
    ['gb29nwbk60161331926819', ['gb29nwbk60161331926819']],
    ['FR14 2004 1010 0505 0001 3M02 606', ['FR14 2004 1010 0505 0001 3M02 606']],
    ['NO9386011117947', ['NO9386011117947']],
    ['DE88370400440532013000', []],
    ['XX89370400440532013000', []],
    ['DE8937040044053201300', []],
    ['DE893704004405320130001', []],
    ['ADE89370400440532013000', []],
  ],
  'us-ssn': [
    ['536-22-8726', ['536-22-8726']],
    ['ssn: 536 22 8726.', ['536 22 8726']],
    ['000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000', []],
    ['078-05-1120', []],
    ['536228726', []],
    ['1536-22-8726', []],
    ['536-22-87261', []],
  ],
  email: [
    ['write to Alice.B+x@mail.corp.example today', ['Alice.B+x@mail.corp.example']],
    ['<bob@example.org>, eve@a-b.example.', ['bob@example.org', 'eve@a-b.example']],
    ['@example.org bob@ bob@localhost bob@example.o', []],
    ['a@b@c.example', ['b@c.example']],
  ].map(([text, all]) => [text, all] as [string, string[]]),
  phone: [
    ['+33 1 23 45 67 89', ['+33 1 23 45 67 89']],
    ['0049 30 123456', ['0049 30 123456']],
    ['212-155-0123', []], // exchange codes begin with 2 to 9
    ['212-555-1123 or 415.555.2671', ['212-555-1123', '415.555.2671']],
    ['01 23 45 67 89', ['01 23 45 67 89']],
    ['1234567890', []],
    ['2026-01-07 12:30', []],
  ],
  'api-key': [
    ['AKIAIOSFODNN7EXAMPLE', ['AKIAIOSFODNN7EXAMPLE']],
    [
      'token=ghp_16C7e42F292c6912E7710c838347Ae178B4a;',
      ['ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ],
    ['xoxb-123456789012-abcdefGHIJKL', ['xoxb-123456789012-abcdefGHIJKL']],
    ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', ['sk_live_4eC39HqLyjWDarjtT1zdp7dc']],
    ['AIzaSyA-1234567890abcdefghijklmnopqrstu', ['AIzaSyA-1234567890abcdefghijklmnopqrstu']],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- x',
      ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    ],
    ['AKIAAAAAAAAAAAAAAAAA', []], // no randomness
    ['xAKIAIOSFODNN7EXAMPLE', []],
    ['AKIA', []],
    ['-----BEGIN PUBLIC KEY-----', []],
  ],
};

describe.each(PATTERN_NAMES)('%s', (pattern) => {
  test.each(TABLE[pattern])('%s', (text, all) => expect(found(pattern, text)).toEqual(all));

  test('finds ranges in order, inside the text, that quote no secret', () => {
    const pieces = [
      ...TABLE[pattern].map(([text]) => text),
      ' ',
      '4',
      '-',
      '@',
      '.',
      '+',
      'a',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        const text = parts.join('');
        let reached = 0;
        for (const { start, end, shown } of findPattern(pattern, text, 1000)) {
          expect(start).toBeGreaterThanOrEqual(reached);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          if (pattern !== 'email') expect(shown.length).toBeLessThan(17);
          expect(shown).not.toBe(text.slice(start, end));
          reached = end;
        }
      }),
      { numRuns: 200 },
    );
  });
});
