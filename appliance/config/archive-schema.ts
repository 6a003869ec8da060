/** The shape of `archive:` in `sallyport.yaml`. */
import { z } from 'zod';
import { count, duration, note, path, size } from './setting-types.ts';

const KEY_COMMAND_ERROR = 'expected a program and its arguments: [prog, arg]';
const TIME_ERROR = "expected a time of day such as '03:00'";
/** A hundred years: what is to be kept longer is kept for ever. */
const MOST_DAYS = 36_500;

const spool = z
  .strictObject({
    size: size.meta(
      note('So much may wait for the database; what finds no room is lost, and counted.', '1GiB'),
    ),
    sync: z
      .enum(['always', 'interval', 'never'])
      .meta(
        note(
          'When what is in the spool is forced to the disk: before it is acknowledged, each second, or when the system likes. It matters when the machine loses its power, not when the program dies.',
          'interval',
        ),
      ),
  })
  .partial()
  .meta({
    id: 'archive-spool',
    description: 'Where events wait for the database, on the disk of this machine.',
  });

const checkpoints = z
  .strictObject({
    every: duration.meta(note('A signature at least so often, while there are records.', '10m')),
    records: count(100, 100_000_000).meta(note('And after so many records.', 100_000)),
  })
  .partial()
  .meta({ id: 'archive-checkpoints', description: 'How often the chain of records is signed.' });

const encryption = z
  .strictObject({
    'key-file': path.meta(note('The key that the keys of the archive are sealed with: 32 octets.')),
    'key-command': z
      .array(z.string(), { error: KEY_COMMAND_ERROR })
      .min(1, { error: KEY_COMMAND_ERROR })
      .meta(
        note('Or a program that writes that key (of a key management service), and arguments.'),
      ),
    index: z
      .enum(['blind', 'off'])
      .meta(
        note('blind: words are found by keyed digests of them; off: text is not found.', 'blind'),
      ),
  })
  .partial()
  .meta({
    id: 'archive-encryption',
    description: 'What was said, and files, are stored encrypted; without a key they are not.',
  });

const retention = z.array(
  z.strictObject({
    service: z.string().min(1).optional().meta(note('Records of this service.')),
    group: z.string().min(1).optional().meta(note('Of people of this group of the directory.')),
    tag: z.string().min(1).optional().meta(note('With this tag.')),
    days: count(1, MOST_DAYS).meta(note('Are kept for so many days.')),
  }),
  { error: 'expected a list of rules such as { service: irc, days: 90 }' },
);

const files = z
  .strictObject({
    largest: size.meta(note('A larger file is not kept, and its record says so.', '64MiB')),
    total: size.meta(note('So much is kept of all files together.', '10GiB')),
  })
  .partial()
  .meta({ id: 'archive-files', description: 'Transferred files that a rule asks to keep.' });

export const archive = z
  .strictObject({
    store: z
      .string()
      .min(1)
      .meta(
        note('Path of an SQLite file, or a PostgreSQL database: `postgres://user@host/database`.'),
      ),
    home: path.meta(
      note(
        'Folder of what is in no database: spool, files, keys, signatures. Without it, the path of the file with `.d` behind it; `/var/lib/sallyport/archive` with PostgreSQL.',
      ),
    ),
    keep: z
      .enum(['full', 'metadata', 'none'])
      .meta(
        note(
          'How much of an event is kept where no rule says: all, all but its content, or nothing but a count.',
          'full',
        ),
      ),
    'thread-gap': duration.meta(
      note('After a silence of so long a conversation is a new one.', '12h'),
    ),
    spool: spool.optional(),
    checkpoints: checkpoints.optional(),
    encryption: encryption.optional(),
    retention: retention
      .optional()
      .meta(
        note(
          'Rules `{ service:, group:, tag:, days: }`, in order: the first that fits a record holds; where none fits, it is kept for ever.',
        ),
      ),
    'purge-at': z
      .string({ error: TIME_ERROR })
      .meta(note('A running gateway purges at this time of day; without it nothing is purged.')),
    files: files.optional(),
  })
  .partial()
  .meta({
    id: 'archive',
    description: 'The record: docs/archive.md. Without a store there is none.',
  });

export type ArchiveSection = z.infer<typeof archive>;
