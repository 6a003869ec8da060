/** The bearer token of the admin server: from a file, or made at the start and left for `sallyport top`. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorText, UserError } from '../cli/user-error.ts';
import type { Log } from '../log/log.ts';

const MADE_OCTETS = 32;
/** Characters below which a token can be guessed over a network. */
const SHORTEST = 16;
const LONGEST_FILE = 4096;

export class AdminToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  /** Takes as long for every wrong token (digests are compared, all octets of them). */
  admits(authorization: string | undefined): boolean {
    const [, given] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    return timingSafeEqual(digest(given ?? ''), this.#digest) && given !== undefined;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Throws UserError: there is no such file, or what it says is no token. */
export function readToken(file: string): string {
  let text: string;
  try {
    if (statSync(file).size > LONGEST_FILE) {
      throw new UserError(`${file}: too large for a token`, MAKE_ONE(file));
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(
      `${file}: the token of the admin server cannot be read: ${why}`,
      MAKE_ONE(file),
    );
  }
  const token = text.trim();
  if (!/^[\x21-\x7e]+$/.test(token) || token.length < SHORTEST) {
    throw new UserError(
      `${file}: no token: one line of at least ${SHORTEST} printable ASCII characters, no spaces`,
      MAKE_ONE(file),
    );
  }
  return token;
}

const MAKE_ONE = (file: string) => `Make one: (umask 077; openssl rand -hex 32 > ${file})`;

/** A token that others may read is said, not refused: containers mount secrets so. */
export function warnOfReadable(file: string, log: Log): void {
  const { mode } = statSync(file);
  if ((mode & 0o004) === 0) return;
  log.warn('the token file of the admin server may be read by every user', {
    file,
    fix: `chmod o-r ${file}`,
  });
}

/** Path of the token that a gateway listening on `port` leaves in its run folder. */
export function tokenFileIn(folder: string, port: number): string {
  return join(folder, `admin-${port}.token`);
}

export function makeToken(): string {
  return randomBytes(MADE_OCTETS).toString('hex');
}

/** Writes it so that nobody else can read it at any moment, whatever was there before. */
export function leaveToken(token: string, file: string): void {
  const fresh = `${file}.${process.pid}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${token}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}

/** A gateway that became another user may not be able to: the next one overwrites it. */
export function forgetToken(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It stays, and opens nothing any more.
  }
}
