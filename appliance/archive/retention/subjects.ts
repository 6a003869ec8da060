/** Whose content is to be erased: a person of the directory with all their accounts, or one account. */
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, Envelope } from '../contract.ts';
import { eventFacts } from '../record/event-facts.ts';
import { partyAddress } from '../record/event-parties.ts';
import { subjectOf } from '../record/subject-of.ts';

/** Accounts of one person. */
const MOST_ACCOUNTS = 10_000;

export interface ErasedSubject {
  /** As it was asked for: `person Alice Martin`, `account irc:mallory`. */
  readonly what: string;
  /** Names under which keys were made: the person, and each account as `service:address`. */
  readonly subjects: ReadonlySet<string>;
}

/** Throws ArchiveError: nobody is called so. */
export async function personSubject(
  database: ArchiveDatabase,
  person: string,
): Promise<ErasedSubject> {
  const accounts = await database.rows<{ service: string; address: string }>(
    'SELECT service, address FROM party WHERE person = ? ORDER BY id LIMIT ?',
    person,
    MOST_ACCOUNTS,
  );
  if (accounts.length === 0) {
    throw new ArchiveError(
      `${person}: the archive knows no account of a person of this name`,
      'Names are those of the directory when it was recorded. For one account, say --account service:address.',
    );
  }
  const names = accounts.map(({ service, address }) => `${service}:${address}`);
  return { what: `person ${person}`, subjects: new Set([person, ...names]) };
}

/** `account`: service:address. Throws ArchiveError: unknown, or of somebody whose other accounts share its key. */
export async function accountSubject(
  database: ArchiveDatabase,
  account: string,
): Promise<ErasedSubject> {
  const colon = account.indexOf(':');
  const service = account.slice(0, Math.max(0, colon));
  const address = partyAddress(service, account.slice(colon + 1));
  if (service === '' || address === '') {
    throw new ArchiveError(`${account}: is no account`, 'Write service:address, as irc:mallory.');
  }
  const [party] = await database.rows<{ person: string | null }>(
    'SELECT person FROM party WHERE service = ? AND address = ?',
    service,
    address,
  );
  if (party === undefined) throw new ArchiveError(`${account}: the archive knows no such account`);
  if (party.person !== null) {
    throw new ArchiveError(
      `${account} is an account of ${party.person}, and what a person writes is erased as a whole`,
      `Say --person '${party.person}'.`,
    );
  }
  return { what: `account ${service}:${address}`, subjects: new Set([`${service}:${address}`]) };
}

/** Whether the content of this record is theirs. */
export function isOf(envelope: Envelope, { subjects }: ErasedSubject): boolean {
  const { subject, event } = envelope;
  if (subject !== undefined) return subjects.has(subject);
  return event !== undefined && subjects.has(subjectOf(eventFacts(event)));
}
