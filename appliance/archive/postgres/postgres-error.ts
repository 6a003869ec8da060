/** Errors of PostgreSQL and of the way to it, as the archive tells them. */
import { harmless } from '../../../src/event/harmless.ts';
import { ArchiveError } from '../archive-error.ts';

/** SQLSTATE classes and codes (PostgreSQL manual, appendix A) after which the same may succeed later. */
const AWAY = [
  '08', // connection exception
  '53', // insufficient resources: disk full, too many connections
  '57P', // shut down, or starting
  '58', // system error
  '40', // transaction rollback: serialization failure, deadlock
  '25006', // read-only: a standby that is not the primary yet, or no more
  '25P03', // a transaction was idle for too long
  '55P03', // a lock was not available
  '57014', // cancelled
];

/** Of the operating system and of name servers. */
const UNREACHED = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'ENOBUFS'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE'],
]);

// What pg and pg-pool say, which have no codes.
const LOST =
  /connection terminated|not queryable|timeout exceeded|timeout expired|query read timeout|client was closed|ended unexpectedly|premature close/i;

/** What pg says, in words of its own, where the server asks for a password and nobody gave one. */
const NO_PASSWORD = /client password must be a (non-empty )?string/;
const ADVICE: Readonly<Record<string, string>> = {
  '28000': 'Look at pg_hba.conf, and at the user in the address.',
  '28P01': 'Put the password into ~/.pgpass (PGPASSFILE) or PGPASSWORD.',
  '3D000': 'Make the database first: createdb NAME.',
  '42501': 'The user in the address must own the schema, or be allowed to make tables in it.',
  '53100': 'The disk of PostgreSQL is full.',
};

/** `connecting`: nothing was asked yet. */
export function postgresError(error: unknown, where: string, connecting = false): ArchiveError {
  if (error instanceof ArchiveError) return error;
  const code = codeOf(error);
  if (code === '' && error instanceof Error && NO_PASSWORD.test(error.message)) {
    const text = `${where}: PostgreSQL asks for a password, and none was given`;
    return new ArchiveError(text, ADVICE['28P01']);
  }
  const retry = isAway(code, error);
  const what =
    connecting || retry ? 'PostgreSQL cannot be used' : 'PostgreSQL refused what was asked';
  return new ArchiveError(
    `${where}: ${what}: ${harmless(textOf(error))}${code === '' ? '' : ` (${code})`}`,
    ADVICE[code] ?? (connecting ? 'Is it running, and is the address right?' : undefined),
    retry,
  );
}

function isAway(code: string, error: unknown): boolean {
  if (UNREACHED.has(code) || AWAY.some((start) => code.startsWith(start))) return true;
  return code === '' && error instanceof Error && LOST.test(error.message);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Never `detail`, which quotes rows. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Every address of a host that was tried.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(textOf).join('; ');
  }
  return error.message;
}
