import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbered, safeName } from './safe-name.ts';

test.each([
  ['plan.pdf', 'plan.pdf'],
  ['holiday photo.jpg', 'holiday photo.jpg'],
  ['übung_naïve.bin', 'übung_naïve.bin'],
  ['日本語.txt', '日本語.txt'],
  ['../../etc/passwd', 'passwd'],
  ['/etc/shadow', 'shadow'],
  ['C:\\Windows\\System32\\evil.dll', 'evil.dll'],
  ['..', 'unnamed'],
  ['a/..', 'unnamed'],
  ['....//', 'unnamed'],
  ['.bashrc', 'bashrc'],
  ['-rf', 'rf'],
  ['a\u0000b.txt', 'a_b.txt'],
  ['x\u001b[31m.txt', 'x_[31m.txt'],
  ['cod\u202efdp.exe', 'cod_fdp.exe'],
  ['$(rm -rf ~).sh', '_(rm -rf ~).sh'],
  ['a\r\nb.txt', 'a__b.txt'],
  ['CON', '_CON'],
  ['com1.txt', '_com1.txt'],
  ['name. . .', 'name'],
  ['', 'unnamed'],
  [undefined, 'unnamed'],
  ['files.jsonl', 'files.jsonl'],
])('%j', (offered, safe) => expect(safeName(offered)).toBe(safe));

test('a long name keeps its extension', () => {
  const long = safeName(`${'x'.repeat(5000)}.exe`);
  expect(long).toMatch(/^x+\.exe$/);
  expect(long.length).toBeLessThanOrEqual(120);
  expect(Buffer.byteLength(safeName(`${'日'.repeat(500)}.exe`))).toBeLessThanOrEqual(200);
});

test('numbers go before the extension', () => {
  expect(numbered('a.tar.gz', 2)).toBe('a.tar (2).gz');
  expect(numbered('README', 3)).toBe('README (3)');
});

test('any name is one visible component', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('/', '\\', '..', '\0', '\u202e', 'CON', '.'));
  const name = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(name, fc.string({ unit: 'binary', maxLength: 400 })), (offered) => {
      const safe = safeName(offered);
      expect(safe).not.toMatch(/[/\\\p{Cc}\p{Bidi_Control}\p{Cs}]/u);
      expect(safe).toMatch(/^[^.\s-]/u);
      expect(Buffer.byteLength(safe)).toBeGreaterThan(0);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(220);
    }),
    { numRuns: 500 },
  );
});
