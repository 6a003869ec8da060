/** Properties of what text becomes in CSV, XML, HTML and addresses; fast-check finds what nobody thought of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../../src/event/encode.ts';
import { ImEvent } from '../../../src/event/event.ts';
import { csvCell } from './csv-cell.ts';
import { harmlessAddress } from './harmless-address.ts';
import { htmlLines, htmlText } from './html-text.ts';
import { jsonLine } from './json-line.ts';
import { xmlText } from './xml-text.ts';

/** Any text, with more of what matters than chance would have. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...'=+-@\t\r\n"\',;&<>`\0\u001b\u007f\u009b\u202e\u2028\ufffe\uff1d\ud800]',
        ),
        fc.string({ unit: 'grapheme', maxLength: 3 }),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
);

describe('text in an export', () => {
  it('is no formula in CSV, and loses nothing but controls', () => {
    fc.assert(
      fc.property(text, (given) => {
        const cell = csvCell(given);
        expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/);
        expect(cell).not.toMatch(/(?![\t\r\n])\p{Cc}/u);
        const shown = given.toWellFormed();
        if (!/(?![\t\r\n])\p{Cc}/u.test(shown)) expect([shown, `'${shown}`]).toContain(cell);
      }),
    );
  });

  it('is character data in XML, and nothing else', () => {
    fc.assert(
      fc.property(text, (given) => {
        const escaped = xmlText(given);
        expect(escaped).not.toMatch(/[<>"'\p{Cc}\p{Cs}\ufffe\uffff]/u);
        expect(escaped.replace(/&(amp|lt|gt|quot|apos|#9|#10|#13);/g, '')).not.toContain('&');
        if (!/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(given)) expect(unescaped(escaped)).toBe(given);
      }),
    );
  });

  it('is shown in HTML, and obeyed in nothing', () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const escaped of [htmlText(given), htmlLines(given)]) {
          expect(escaped).not.toMatch(/[<>"'`]/);
          expect(escaped).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u);
          expect(escaped.replace(/&(amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
        }
        expect(htmlText(given)).not.toContain('\n');
      }),
    );
  });

  it('makes an address that is one, and no two accounts the same', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const address = harmlessAddress('xmpp', one);
        expect(address).toMatch(/^[A-Za-z0-9_=.-]{1,64}@xmpp\.invalid$/);
        expect(address).not.toMatch(/^\.|\.@|\.\./);
        if (one.toWellFormed() !== other.toWellFormed()) {
          expect(harmlessAddress('xmpp', other)).not.toBe(address);
        }
      }),
    );
  });

  it('is the same line of JSON as that of the event', () => {
    fc.assert(
      fc.property(text, (given) => {
        fc.pre(given !== '');
        const event = new ImEvent('message');
        event.text = given;
        event.to = [given];
        const line = encodeEvent(event);
        expect(jsonLine(JSON.parse(line))).toBe(line);
      }),
    );
  });
});

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

function unescaped(xml: string): string {
  return xml.replace(/&[a-z]+;/g, (entity) => ENTITIES[entity] ?? entity);
}
