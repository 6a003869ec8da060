import { describe, expect, it } from 'vitest';
import { COLUMN_CODE_UNITS, columnText } from './column-text.ts';

describe('columnText', () => {
  it.each([
    ['plain text', 'alice@example.com', 'alice@example.com'],
    ['other scripts', 'Ålice 日本 😀', 'Ålice 日本 😀'],
    ['NUL, which PostgreSQL refuses', 'a\0b', 'a\ufffdb'],
    ['half a character, which SQLite would change', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_name, given, expected) => {
    expect(columnText(given)).toBe(expected);
  });

  it('tells long texts apart that begin alike, within its limit', () => {
    const [a, b] = [columnText(`${'x'.repeat(5000)}a`), columnText(`${'x'.repeat(5000)}b`)];
    expect(a).not.toBe(b);
    expect(a.length).toBe(COLUMN_CODE_UNITS);
  });

  it('is well formed where a long text is cut within a character', () => {
    const text = columnText('😀'.repeat(300));
    expect(Buffer.from(text).toString()).toBe(text);
  });
});
