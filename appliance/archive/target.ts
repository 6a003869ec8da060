/** Where an archive is: `--archive FILE.db`, or `--archive postgres://host/database`. */
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../cli/user-error.ts';

export type ArchiveTarget =
  | { readonly kind: 'sqlite'; readonly path: string; readonly home: string }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      /** Without a password. */
      readonly shown: string;
      readonly home: string;
    };

/** Where PostgreSQL's spool, keys and files are when nothing else is said. */
const SYSTEM_HOME = '/var/lib/sallyport/archive';

/**
 * `home` is the folder of what belongs to the archive and is in no database: spool/, files/, the signing key,
 * the keys that seal content. Without it, FILE.db.d beside the file.
 *
 * Throws UserError.
 */
export function readTarget(text: string, home?: string): ArchiveTarget {
  if (/^postgres(ql)?:/i.test(text)) return postgresTarget(text, home);
  if (text === '') {
    throw new UserError('the archive has an empty name', 'Name a file (archive.db) or a database.');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? /^(file):/i.exec(text);
  if (scheme !== null) {
    throw new UserError(
      `${text}: no kind of archive is called ${scheme[1]}`,
      'Name a file (archive.db) or a PostgreSQL database (postgres://user@host/database).',
    );
  }
  const path = resolve(text);
  if (path !== path.trimEnd()) {
    // better-sqlite3 cuts it off, and would open another file.
    throw new UserError(
      `${path}: the name of an archive cannot end with white space`,
      'Rename the file, and its home (.d) beside it.',
    );
  }
  return { kind: 'sqlite', path, home: resolve(home ?? `${path}.d`) };
}

function postgresTarget(text: string, home: string | undefined): ArchiveTarget {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(
      'the address of the PostgreSQL archive cannot be read',
      'Write postgres://user@host:port/database.',
    );
  }
  if (url.password !== '' || url.searchParams.has('password')) {
    throw new UserError(
      `${withoutPassword(url)}: a password in an address is seen in the list of processes`,
      'Put it into ~/.pgpass (PGPASSFILE), into PGPASSWORD, or use peer authentication.',
    );
  }
  return {
    kind: 'postgres',
    url: text,
    shown: withoutPassword(url),
    home: resolve(home ?? process.env.SALLYPORT_ARCHIVE_HOME ?? SYSTEM_HOME),
  };
}

function withoutPassword(url: URL): string {
  const copy = new URL(url);
  copy.password = '';
  copy.searchParams.delete('password');
  return copy.href;
}

/** Paths in the home folder. */
export function homePaths({ home }: ArchiveTarget) {
  return {
    folder: home,
    parent: dirname(home),
    spool: join(home, 'spool'),
    files: join(home, 'files'),
    signingKey: join(home, 'signing.pem'),
    publicKey: join(home, 'signing.pub.pem'),
    /** A line a checkpoint: what the box signed, outside of the database. */
    checkpoints: join(home, 'checkpoints.jsonl'),
    keys: join(home, 'keys.db'),
    incoming: join(home, 'incoming'),
  } as const;
}
