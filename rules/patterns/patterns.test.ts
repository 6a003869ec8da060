import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PATTERN_NAMES, type PatternName } from '../fields.ts';
import { findPattern } from './pattern.ts';
import { composedView, plainView } from './plain-text.ts';

function found(pattern: PatternName, text: string): string[] {
  return findPattern(pattern, text, 100).map(({ start, end }) => text.slice(start, end));
}

/** A secret of letters and digits written so that it reads the same: all of it is found. */
function disguises(secret: string): [string, string[]][] {
  const groups = secret.match(/.{1,4}/g) ?? [];
  const written = [
    ...['\u00a0', '\u2009', '\u2007', '\u202f', '\u3000', '\u2011', '\u2013', '\u2212', '\ufe58'],
    ...['\u00b7', '\u2024', '\u3002', '\u2044', '\u2215', '\u200b \u200d', '_'],
  ].map((sign) => groups.join(sign));
  for (const mark of [
    '\u200b',
    '\u200d',
    '\u00ad',
    '\ufeff',
    '\u2060',
    '\u0336',
    '\u20e3',
    '\u202e',
  ]) {
    written.push([...secret].join(mark));
  }
  for (const zero of [0x660, 0x6f0, 0x966, 0xff10, 0x1d7ce, 0x1d7f6, 0x1e950, 0x116da]) {
    written.push(secret.replace(/\d/g, (d) => String.fromCodePoint(zero + Number(d))));
  }
  return written.map((text) => [`x ${text}!`, [text]]);
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
    ['4111.1111.1111.1111 or 4111/1111/1111/1111', ['4111.1111.1111.1111', '4111/1111/1111/1111']],
    ['4111.1111/1111 1111', ['4111.1111/1111 1111']], // groups of four, whatever is between
    ['41.11/1111 1111.1111-11', []], // no grouping of one number
    ['card4111111111111111', ['4111111111111111']],
    ['4111111111111111EUR', ['4111111111111111']],
    ['a4111111111111111f', []], // inside a word
    ...disguises('4111111111111111'),
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
    ['DE89.3704.0044.0532.0130.00', ['DE89.3704.0044.0532.0130.00']],
    [
      'ＤＥ８９３７０４００４４０５３２０１３０００',
      ['ＤＥ８９３７０４００４４０５３２０１３０００'],
    ],
    ['𝐃𝐄89 3704 0044 0532 0130 00', ['𝐃𝐄89 3704 0044 0532 0130 00']],
    ...disguises('DE89370400440532013000'),
  ],
  'us-ssn': [
    ['536-22-8726', ['536-22-8726']],
    ['ssn: 536 22 8726.', ['536 22 8726']],
    ['000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000', []],
    ['078-05-1120', []],
    ['536228726', []],
    ['1536-22-8726', []],
    ['536-22-87261', []],
    ['536.22.8726 536/22/8726', ['536.22.8726', '536/22/8726']],
    ['536.22/8726', []],
    ['٥٣٦-٢٢-٨٧٢٦', ['٥٣٦-٢٢-٨٧٢٦']],
    ['536\u201122\u22128726', ['536\u201122\u22128726']],
    ['5\u200b36\u00a022\u20078726', ['5\u200b36\u00a022\u20078726']],
  ],
  email: [
    ['write to Alice.B+x@mail.corp.example today', ['Alice.B+x@mail.corp.example']],
    ['<bob@example.org>, eve@a-b.example.', ['bob@example.org', 'eve@a-b.example']],
    ['@example.org bob@ bob@localhost bob@example.o', []],
    ['a@b@c.example', ['b@c.example']],
    ['bob＠example。org', ['bob＠example。org']],
    ['b\u200bob@exam\u00adple.org!', ['b\u200bob@exam\u00adple.org']],
    ['ｂｏｂ@example.org', ['ｂｏｂ@example.org']],
  ].map(([text, all]) => [text, all] as [string, string[]]),
  phone: [
    ['+33 1 23 45 67 89', ['+33 1 23 45 67 89']],
    ['0049 30 123456', ['0049 30 123456']],
    ['212-155-0123', []], // exchange codes begin with 2 to 9
    ['212-555-1123 or 415.555.2671', ['212-555-1123', '415.555.2671']],
    ['01 23 45 67 89', ['01 23 45 67 89']],
    ['1234567890', []],
    ['＋３３ １ ２３ ４５ ６７ ８９', ['＋３３ １ ２３ ４５ ６７ ８９']],
    ['+33\u00a01\u202f23\u200b45 67 89', ['+33\u00a01\u202f23\u200b45 67 89']],
    ['212\u2024555\u20241123', ['212\u2024555\u20241123']],
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
    ['AKIA\u200bIOSF\u2060ODNN7EXAMPLE', ['AKIA\u200bIOSF\u2060ODNN7EXAMPLE']],
    ['ＡＫＩＡIOSFODNN7EXAMPLE', ['ＡＫＩＡIOSFODNN7EXAMPLE']],
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

describe('ordinary numbers', () => {
  const ORDINARY = [
    'order 4111-2026-0107-0042, invoice 2026/000123/4711, customer 40012345',
    'call me: 01 23 45 67 89 or +33 6 12 34 56 78 or (212) 555-0123',
    '2026-01-07T12:30:45.123456Z, 20260107123045, 1767788999123, 1767788999123456',
    '550e8400-e29b-41d4-a716-446655440000 4e53b1d4-4411-4411-8411-411141114111',
    'd41d8cd98f00b204e9800998ecf8427e e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'AB4111111111111111CD, id=x4111111111111111y',
    '192.168.100.200 10.0.0.1 2001:db8::4111:1111 1.3.6.1.4.1.11129.2.4.2',
    'ISBN 978-3-16-148410-0, EAN 4006381333931, tracking 1Z999AA10123456784',
    'π is 3.14159265358979323846 and 16! is 20922789888000',
    '4 8 15 16 23 42, 12:30-13:45, 5% of 1 000 000',
  ];

  test.each(ORDINARY)('%s holds no card, IBAN or social security number', (text) => {
    for (const pattern of ['payment-card', 'iban', 'us-ssn'] as const) {
      expect(found(pattern, text)).toEqual([]);
    }
  });

  test('of 100 000 random numbers of 16 digits that no issuer begins, none is a card', () => {
    const issued = /^(?:4|5|6|3[0-9]|2[2-7])/;
    let state = 1;
    const digit = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 16) % 10;
    };
    let cards = 0;
    for (let i = 0; i < 100_000; ) {
      const number = Array.from({ length: 16 }, digit).join('');
      if (issued.test(number)) continue;
      i++;
      if (findPattern('payment-card', `no ${number}.`, 1).length > 0) cards++;
    }
    expect(cards).toBe(0);
  });
});

describe('views of a text', () => {
  test.each([
    ['plain', 'a\u200b１\u0301２ﬁ–𝟗…', 'a12fi-9...'],
    ['composed', 'cafe\u0301 ﬁ\u200bn – １', 'caf\u00e9 fin – 1'],
  ] as const)('%s', (which, text, wanted) => {
    const view = which === 'plain' ? plainView(text) : composedView(text);
    expect(view?.text).toBe(wanted);
  });

  test('every unit has its place; all together they lie in order', () => {
    const character = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('\u0301', '\u200b', '4', 'ﬁ', '\ud800', '𝟗', 'e'),
    );
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        for (const view of [plainView(text), composedView(text)]) {
          if (view === undefined) continue;
          let reached = 0;
          for (let i = 0; i < view.text.length; i++) {
            expect(view.start(i)).toBeGreaterThanOrEqual(reached);
            expect(view.end(i + 1)).toBeGreaterThan(view.start(i));
            expect(view.end(i + 1)).toBeLessThanOrEqual(text.length);
            reached = view.start(i);
          }
        }
      }),
    );
  });
});
