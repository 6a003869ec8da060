import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valuesOfMarkup } from './markup.ts';

/** [markup, text, what it shows besides the text] */
test.each<[string, string, string[]]>([
  ['<p>a <b>b</b> c</p>', 'a b c', []],
  ['fal<b>con</b>', 'hello', ['falcon']],
  ['one<br/>two<p>three</p>', 'x', ['one\ntwo\nthree']],
  ['<a href="https://evil.example/?a=1&amp;b=2">hi</a>', 'hi', ['https://evil.example/?a=1&b=2']],
  ["<img src='cid:1' alt='4111 1111'/>", '', ['cid:1', '4111 1111']],
  ['<span style="color: red" class="x">hi</span>', 'hi', []],
  [
    '&#52;&#x31;11 &lt;b&gt; &amp;lt; &bogus; & &#0; &#x110000;',
    '',
    ['4111 <b> &lt; &bogus; & &#0; &#x110000;'],
  ],
  ['<![CDATA[<b>&amp;]]>c', '', ['<b>&amp;c']],
  ['a <secret word> b < c', 'x', ['a <secret word> b < c']], // a plain body
  ['<b 4111111111111111>', 'x', ['<b 4111111111111111>']],
  ['<b', 'x', ['<b']],
  ['<script>x</script>', 'y', ['<script>x</script>']],
  ['\u0002bo\u000fld \u000304,01red\u0003 \u0004ff0000hex\u001f', 'bold red hex', []],
  ['4\u000311', '41', ['4']],
  ['  hello\n world ', 'hello world', []],
])('%j beside %j', (markup, text, values) => {
  expect(valuesOfMarkup(markup, text)).toEqual(values);
});

test('whatever stands there, nothing is thrown and little is made of it', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom(
      '<',
      '>',
      '&',
      '<b>',
      '</b>',
      '<a href="',
      '"',
      "'",
      '&#x',
      ';',
      '<![CDATA[',
      ']]>',
      '\u0003',
      '12,',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const markup = pieces.join('');
      const values = valuesOfMarkup(markup, undefined);
      expect(values.join('').length).toBeLessThanOrEqual(markup.length);
    }),
  );
});

test.each(['<', '<a href="', '&', '&#x', '<![CDATA[', '\u0003', '<b a="" '])(
  'a megabyte of %j is read in linear time',
  (piece) => {
    const start = performance.now();
    valuesOfMarkup(piece.repeat(1_000_000 / piece.length), undefined);
    expect(performance.now() - start).toBeLessThan(2000);
  },
);
