import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { htmlText } from './html-text.ts';

test.each([
  ['plain', 'plain'],
  ['1 < 2 && 3 > 2', '1 < 2 && 3 > 2'],
  ['<HTML><BODY BGCOLOR="#ffffff"><FONT LANG="0">hi <B>bob</B></FONT></BODY></HTML>', 'hi bob'],
  ['a<br>b<BR/>c', 'a\nb\nc'],
  [
    '&lt;b&gt; &amp;amp; &#233; &#xe9; &nbsp;x &bogus; &#0; &#55296;',
    '<b> &amp; é é  x &bogus; \ufffd \ufffd',
  ],
  ['con<b></b>fid<!-- x -->en<i>tial</i>', 'confidential'],
  ['<a href="x>y">link</a>', 'link'],
  ['<a href="never closed>link', 'link'],
  ['unfinished <b', 'unfinished <b'],
  ['<style>b { }</style>seen<script>hidden</script>', 'seen'],
  ['<script>never closed', 'never closed'],
  ['<STYLE>x</b></Style >seen', 'seen'],
  ['<!-- never closed> seen <!-- x', ' seen <!-- x'],
  ['<3 you', '<3 you'],
])('%s', (markup, text) => expect(htmlText(markup)).toBe(text));

test.each([
  ['', '<'],
  ['', '<!--'],
  ['', '<!--x>'],
  ['', '<a b="'],
  ['', '<script>'],
  ['<style>', '</style'],
  ['<style>', '</'],
  ['', '<style></style>'],
  ['', '&#'],
  ['', '<b '],
])('%s%s over and over costs linear time', (first, part) => {
  const started = cpuMilliseconds();
  htmlText(first + part.repeat(200_000));
  expect(cpuMilliseconds() - started).toBeLessThan(4000);
});

test('any text is no trouble', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(htmlText(text).length).toBeLessThanOrEqual(text.length + 1);
    }),
  );
});
