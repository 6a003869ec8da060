import { describe, expect, test } from 'vitest';
import { findPhrases } from './find-phrases.ts';
import { snippet } from './snippet.ts';
import { readTextQuery } from './text-query.ts';

/** Texts in which something was found, hits in brackets. */
function marked(content: Readonly<Record<string, unknown>>, query: string, length = 1000) {
  return findPhrases(content, readTextQuery(query))?.map(
    (found) =>
      `${found.field}: ${snippet(found, length)
        .map(({ text, isHit }) => (isHit ? `[${text}]` : text))
        .join('')}`,
  );
}

describe('findPhrases', () => {
  test.each<
    [
      content: Readonly<Record<string, unknown>>,
      query: string,
      found: readonly string[] | undefined,
    ]
  >([
    [{ text: 'The Falcón, falcons' }, 'falcon', ['text: The [Falcón], falcons']],
    [{ text: 'The Falcón, falcons' }, 'falc*', ['text: The [Falcón], [falcons]']],
    [{ text: '会議は明日' }, '明日', ['text: 会議は[明日]']],
    [{ text: 'a b c' }, '"a b" "b c"', ['text: [a b c]']],
    [{ text: 'one', subject: 'two' }, 'one two', ['text: [one]', 'subject: [two]']],
    [{ text: 'one', subject: 'two' }, '"one two"', undefined],
    [{ text: 'one two' }, 'one -two', undefined],
    [{ file: { name: 'plan.pdf', url: 'http://x/' } }, 'plan', ['file.name: [plan].pdf']],
    [{ text: 'hi', markup: '<b>hi</b>' }, 'b', undefined],
    [{ text: 'hi', markup: '<b>hi &#x66;oe</b>' }, 'foe', ['markup:  hi [foe] ']],
    [{ text: 12, file: 'x', markup: null }, 'x', undefined],
  ])('%j %j', (content, query, found) => {
    expect(marked(content, query)).toEqual(found);
  });

  test('shows what stands around the first hit', () => {
    const text = `${'before '.repeat(20)}falcon${' after'.repeat(20)}`;
    const [line] = marked({ text }, 'falcon', 50) ?? [];
    expect(line).toMatch(/^text: …(before )+\[falcon\].*…$/);
  });

  test('a text of 10 MB, and a pile of marks, take no longer than their beginning', () => {
    const started = performance.now();
    for (const text of ['falcon '.repeat(1.4e6), 'e\u0301\u0316'.repeat(3e6), '<'.repeat(1e7)]) {
      expect(marked({ text, markup: text }, 'no-such-word')).toBeUndefined();
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
