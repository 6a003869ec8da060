import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { DEFAULT_ARCHIVE } from './default-settings.ts';
import { configFromText } from './read-config.ts';
import { summariseSettings } from './summarise-settings.ts';

const TAP = 'sallyport: 1\nmode: tap\ninterfaces: [eth1]\n';

function found(text: string): string[] {
  return configFromText(TAP + text, 'c.yaml').diagnostics.map(formatDiagnostic);
}

test('every setting arrives, in base units, paths relative to the file', () => {
  const { settings, diagnostics } = configFromText(
    `${TAP}archive:
  store: data/archive.db
  home: data/home
  keep: metadata
  thread-gap: 2h
  spool: { size: 64MiB, sync: always }
  checkpoints: { every: 1m, records: 5000 }
  encryption: { key-command: [vault, read, key], index: off }
  retention:
    - { tag: dlp, group: traders, days: 2555 }
    - { service: irc, days: 90 }
    - { days: 365 }
  purge-at: 3:30
  files: { largest: 1MiB, total: 1TiB }
`,
    '/etc/sallyport/c.yaml',
  );
  expect(diagnostics.map(formatDiagnostic)).toEqual([
    '/etc/sallyport/c.yaml:11:57: warning: text will not be found by searching (blind finds words without storing them)',
  ]);
  const none = { service: undefined, group: undefined, tag: undefined };
  expect(settings?.archive).toEqual({
    store: '/etc/sallyport/data/archive.db',
    home: '/etc/sallyport/data/home',
    keep: 'metadata',
    threadGap: 7_200_000,
    spool: { size: 2 ** 26, sync: 'always' },
    checkpoints: { every: 60_000, records: 5000 },
    encryption: { keyFile: undefined, keyCommand: ['vault', 'read', 'key'], index: 'off' },
    retention: [
      { ...none, tag: 'dlp', group: 'traders', days: 2555 },
      { ...none, service: 'irc', days: 90 },
      { ...none, days: 365 },
    ],
    purgeAt: 210,
    files: { largest: 2 ** 20, total: 2 ** 40 },
  });
});

test('an address of a database stays as it is, and a silent section has defaults', () => {
  const text = `${TAP}archive: { store: 'postgres://archive@db/sallyport' }\n`;
  const { settings, diagnostics } = configFromText(text);
  expect(diagnostics).toEqual([]);
  expect(settings?.archive).toEqual({
    ...DEFAULT_ARCHIVE,
    store: 'postgres://archive@db/sallyport',
  });
});

describe('mistakes', () => {
  test.each([
    [
      'archive: { keep: full }',
      ["c.yaml:4:1: the archive lacks 'store' (store: /var/lib/sallyport/archive.db)"],
    ],
    [
      'archive: { store: postgres://a:secret@db/x }',
      [
        'c.yaml:4:19: postgres://a@db/x: a password in an address is seen in the list of processes (Put it into ~/.pgpass (PGPASSFILE), into PGPASSWORD, or use peer authentication.)',
      ],
    ],
    [
      'archive: { store: mysql://db/x }',
      [
        'c.yaml:4:19: mysql://db/x: no kind of archive is called mysql (Name a file (archive.db) or a PostgreSQL database (postgres://user@host/database).)',
      ],
    ],
    [
      'archive: { store: a.db, spool: { size: 1MiB } }',
      ["c.yaml:4:40: 'size' is too small: 1MiB (4MiB to 16TiB)"],
    ],
    [
      'archive: { store: a.db, encryption: { index: blind } }',
      [
        'c.yaml:4:37: there is no key: nothing would be encrypted (write key-file or key-command, or leave it out)',
      ],
    ],
    [
      'archive: { store: a.db, encryption: { key-file: k, key-command: [k] } }',
      ['c.yaml:4:65: there are two keys (key-file or key-command)'],
    ],
    [
      'archive: { store: a.db, retention: [{ days: 9 }, { service: irc, days: 90 }] }',
      [
        'c.yaml:4:37: the rules after this one never apply (the first that fits holds: put it last)',
      ],
    ],
    [
      "archive: { store: a.db, purge-at: '25:00' }",
      ["c.yaml:4:35: '25:00' is not a time of day (write '03:00')"],
    ],
    [
      "archive: { store: a.db, purge-at: '03:00' }",
      [
        'c.yaml:4:35: warning: there is no retention: nothing is ever purged (write retention, or leave it out)',
      ],
    ],
    [
      'archive: { store: a.db, files: { largest: 2GiB, total: 1GiB } }',
      ['c.yaml:4:32: the largest file is larger than all together (raise total, or lower largest)'],
    ],
    [
      'archive: { store: a.db, keeps: full }',
      ["c.yaml:4:25: 'archive' knows no 'keeps' (did you mean 'keep'?)"],
    ],
  ])('%s', (text, diagnostics) => {
    expect(found(text)).toEqual(diagnostics);
  });
});

test('what would run is said', () => {
  const { settings } = configFromText(
    `${TAP}archive: { store: /a.db, retention: [{ group: traders, days: 9 }, { days: 3 }], purge-at: '03:00' }`,
  );
  if (settings === undefined) throw new Error('wrong');
  const lines = summariseSettings(settings).map(([name, value]) => `${name}: ${value}`);
  expect(lines.slice(lines.indexOf('archive: /a.db, not encrypted'), -2)).toEqual([
    'archive: /a.db, not encrypted',
    ': keeps everything, where no rule says otherwise',
    ': group traders 9 days, all else 3 days, purged at 03:00',
    ': home /a.db.d, spool of 1024 MiB',
  ]);
});
