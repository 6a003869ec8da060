import { expect, test } from 'vitest';
import { readTarget } from './target.ts';

test.each([
  ['', 'the archive has an empty name'],
  // better-sqlite3 would open "day.db", which may be another archive.
  ['/var/day.db ', '/var/day.db : the name of an archive cannot end with white space'],
  ['/var/day.db\n', '/var/day.db\n: the name of an archive cannot end with white space'],
  ['file:/var/day.db', 'file:/var/day.db: no kind of archive is called file'],
  ['mysql://host/day', 'mysql://host/day: no kind of archive is called mysql'],
])('%j is refused', (text, message) => {
  expect(() => readTarget(text)).toThrow(message);
});

test.each([
  ' day.db',
  'q\'uo"te.db',
  '100%20.db',
  'day?mode=ro.db',
  'h#.db',
  '-day.db',
  ':memory:',
])('%j is the name of a file as it stands', (text) => {
  expect(readTarget(text, '/home')).toMatchObject({
    kind: 'sqlite',
    path: `${process.cwd()}/${text}`,
  });
});

test.each([
  'postgres://sally:geheim@host/archive',
  'postgres://sally@host/archive?password=geheim',
  'postgres://sally:geheim@[broken/archive',
])('%s: no message shows its password', (text) => {
  const told = () => {
    try {
      readTarget(text);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  expect(told()).toMatch(/password|cannot be read/);
  expect(told()).not.toContain('geheim');
});
