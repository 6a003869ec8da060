/**
 * What the parts of the archive agree on: what a record is, and what any database that holds records can do.
 *
 * An archive is one chain of records. Each has an envelope (what happened, when, who; JSON) and, where
 * something was said or named, a content (text, subject, file name; JSON, sealed where the archive encrypts).
 * The chain covers the stored octets of both: the envelope holds the content's digest, so that content can
 * be erased and the chain still be proven.
 *
 *     contentDigest = SHA-256(content as stored)                        in the envelope, hex
 *     leaf          = SHA-256("sallyport record 1\n" ‖ sequence as 8 octets, big-endian ‖ envelope)
 *     hash          = SHA-256(hash of the record before ‖ leaf)         32 zero octets before record 1
 */
import type { SpoolKeys } from './vault/spool-keys.ts';

/** event: something on the wire. audit: somebody read, exported, held, purged. ledger: what is missing. checkpoint: signed. */
export const RECORD_KINDS = ['event', 'audit', 'ledger', 'checkpoint'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** A record as it stands in the table `record`. */
export interface StoredRecord {
  /** 1, 2, 3, … without holes: a purged record stands in `tombstone`. */
  readonly sequence: number;
  readonly kind: RecordKind;
  /** Microseconds since 1970: of the event; else when it was recorded. */
  readonly time: number;
  /** UTF-8 JSON, canonical: members in the order of Envelope and of the event model, no white space. */
  readonly envelope: Uint8Array;
  /** As stored (vault/); undefined: there is none, or it was erased. */
  readonly content: Uint8Array | undefined;
  readonly hash: Uint8Array;
}

/** What an envelope says, parsed. */
export interface Envelope {
  /** Version of the record format. */
  readonly record: 1;
  readonly kind: RecordKind;
  /** RFC 3339, microseconds: when it was archived. */
  readonly at: string;
  /** The thread it belongs to. */
  readonly conversation?: number;
  /** Said already: the other leg of a delivery, a carbon, an echo. Not counted, not shown twice. */
  readonly repeat?: true;
  /** Whose key seals the content: a person, or `service:account`. */
  readonly subject?: string;
  /** SHA-256 of the content as stored, hex. */
  readonly content?: string;
  /** The event, without what is content. */
  readonly event?: Readonly<Record<string, unknown>>;
  readonly audit?: AuditEntry;
  readonly ledger?: LedgerEntry;
  readonly checkpoint?: Checkpoint;
}

/** Who did what to the archive. */
export interface AuditEntry {
  /** read, search, export, hold, release, purge, erase, verify, key, backup, restore, open, close, … */
  readonly action: string;
  /** `root (uid 0)`, the sudo caller behind it, the host, the program (`sallyport archive search`). */
  readonly who: string;
  readonly host: string;
  /** Why, in the words of who did it. */
  readonly why?: string;
  /** Plain data: the query, counts, what was deleted. Never content of records. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What the `details` of an audit record with action `purge` or `erase` say, besides reasons: exactly which records.
 * verify accepts an absence only where it is named so; rows of `erasure` stay when their record is purged later.
 */
export interface AbsenceDetails {
  /** Ascending, as short as can be: `12-40`, `44`. More than 1000 of them: several audit records. */
  readonly ranges: readonly string[];
  readonly count: number;
  /** SHA-256 over the leaves of these records, in order; hex. */
  readonly leaves: string;
}

/** What could make the record incomplete: of a stretch of time. */
export interface LedgerEntry {
  /** start, stop, restart, shed, lost, dropped, spool-full, not-archived, … */
  readonly what: string;
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  /** Named counts: packets the kernel dropped, events shed, events that policy did not want kept. */
  readonly counts: Readonly<Record<string, number>>;
  readonly why?: string;
}

/** Everything up to here stands as it does: signed by the box. */
export interface Checkpoint {
  readonly archive: string;
  /** The record before this one, and its hash in hex. */
  readonly upTo: number;
  readonly hash: string;
  /** SHA-256 of the public key's SPKI, hex. */
  readonly key: string;
  /** Ed25519 over `sallyport checkpoint 1\n<archive>\n<upTo>\n<hash>\n<at>`, base64. */
  readonly signature: string;
}

/** A value that both databases take and give: times and counts are integers below 2^53. */
export type SqlValue = string | number | Uint8Array | null;

/**
 * A database, in SQL that SQLite and PostgreSQL both understand: `?` for values, integers for booleans and
 * times, `ON CONFLICT`, `RETURNING`, GROUP BY as the standard has it. Tables: schema.ts.
 */
export interface ArchiveDatabase {
  readonly kind: 'sqlite' | 'postgres';
  /** As shown to people: never a password. */
  readonly where: string;
  rows<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]>;
  /**
   * The answers of `rows` to many lists of values, in their order, with one journey to the database; every list has
   * texts and integers in the same places. Where it is not there, the database is near: `rows` costs little.
   */
  rowsOfEach?<Row>(sql: string, lists: readonly (readonly (string | number)[])[]): Promise<Row[][]>;
  /** Row by row, in constant memory, seeing one state of the archive; may be left early. */
  each<Row>(sql: string, ...values: SqlValue[]): AsyncIterable<Row>;
  /** Rows changed. */
  run(sql: string, ...values: SqlValue[]): Promise<number>;
  /**
   * The same within a transaction where nobody asks for the count: it may be done later, in its order. What
   * fails then rejects what follows, at the latest the transaction. Where it is not there: `run`.
   */
  post?(sql: string, ...values: SqlValue[]): Promise<void>;
  /** Many rows at once, within a transaction. They and their octets are lent until it resolves. */
  insert(table: string, columns: readonly string[], rows: readonly SqlValue[][]): Promise<void>;
  /** The same, value by value, without an array a row. Where it is not there: `insert`. */
  writer?(table: string, columns: readonly string[]): RowWriter;
  /** All or nothing; writers wait for each other. Not nested. `work` uses the database it is handed. */
  transaction<T>(work: (database: ArchiveDatabase) => Promise<T>): Promise<T>;
  /**
   * As `transaction`, but resolves when `work` is done and its commit is asked for: the next one may work
   * meanwhile. One at most does, and is lost with the one before it. Where it is not there: `transaction`.
   */
  ahead?<T>(
    work: (database: ArchiveDatabase) => Promise<T>,
    after: LeftBehind | undefined,
  ): Promise<Ahead<T>>;
  /** What the search index answers: a condition on `record.sequence`, the query of sequences in it, their values. */
  matching(query: IndexQuery, range?: SequenceRange): IndexAnswer;
  /** Puts into the search index / takes out of it. */
  index(rows: readonly { readonly sequence: number; readonly terms: string }[]): Promise<void>;
  unindex(sequences: readonly number[]): Promise<void>;
  /** After an erasure: nothing of what was deleted is left in tables, index and logs. Slow. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** Takes rows of one table, a value for each column in its order; undefined is NULL. Octets are copied. */
export interface RowWriter {
  /** Begins a row, of whose values octets have this length together. */
  row(octets: number): void;
  number(value: number | undefined): void;
  text(value: string | undefined): void;
  octets(value: Uint8Array | undefined): void;
  /** All rows that were begun are whole, and go to the database. */
  flush(): Promise<void>;
}

/** What the transaction before left, as its caller knows. */
export interface LeftBehind {
  /** Of `meta`. Another one: somebody else wrote in between, and nothing is done. */
  readonly head: string;
  /** Tables of whose changes the caller knows: reading them need not wait until they are committed. */
  readonly known: readonly string[];
}

export interface Ahead<T> {
  readonly result: T;
  /** Rejects with ArchiveError: nothing of it is there. */
  readonly committed: Promise<void>;
}

/** Terms as the index has them (search/terms.ts): every phrase of them must occur, in its order. */
export interface IndexQuery {
  readonly phrases: readonly (readonly string[])[];
  /** The last term of each phrase in here may go on (`falc*`); only where the index is not blind. */
  readonly prefixes?: ReadonlySet<number>;
}

/** Both are within. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
  /**
   * Hints for `matching`, where asking the index for the whole archive takes longer: look at each record of the
   * range, or at these alone, which are in it: numbers, or what a SELECT of one column, `sequence`, finds. Who asks
   * must bear with more of the range.
   */
  readonly byRow?: true;
  readonly only?: readonly number[];
  readonly of?: { readonly sql: string; readonly values: readonly SqlValue[] };
}

export interface IndexAnswer {
  /** `record.sequence IN (…)` */
  readonly sql: string;
  /** The same as a SELECT with one column, `sequence`. */
  readonly select: string;
  readonly values: readonly SqlValue[];
}

/** What seals content and names its terms; vault/. */
export interface Vault {
  /** Content is encrypted. */
  readonly encrypts: boolean;
  /** It encrypts, and was opened without its key: seal, terms, and unseal of what is sealed throw ArchiveError. */
  readonly locked?: true;
  /** plain: the index has words; blind: keyed digests of them; off: there is no index. */
  readonly index: 'plain' | 'blind' | 'off';
  /** `id` (event id) is bound to the octets. */
  seal(subject: string, id: string, content: Uint8Array): Uint8Array;
  /** undefined: its key was destroyed. Throws ArchiveError where the octets are not what was sealed. */
  unseal(id: string, stored: Uint8Array): Uint8Array | undefined;
  /** What waits for the database is sealed with these; undefined: it is not sealed. */
  readonly spool?: SpoolKeys;
  /** Index terms of words. */
  terms(words: readonly string[]): readonly string[];
  /**
   * Called at the start of every transaction that appends: forgets keys that another process has destroyed, so
   * that nothing is sealed with them (an erasure destroys keys within a transaction too).
   */
  refresh?(): void;
  close(): void;
}

/** What is to be recorded: the chain, the thread and the sequence come with appending (record/). */
export type RecordDraft =
  | {
      readonly kind: 'event';
      readonly time: number;
      /** `id` of the event. */
      readonly id: string;
      /** The event as JSON has it, without content; members in the order of the event model. */
      readonly event: Readonly<Record<string, unknown>>;
      /** What is content of it; undefined: nothing, or policy keeps metadata alone. */
      readonly content: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly kind: 'audit'; readonly audit: AuditEntry }
  | { readonly kind: 'ledger'; readonly ledger: LedgerEntry }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint };

/** What `archive search`, export, hold, purge and reports select records by; all that is said must hold. */
export interface RecordQuery {
  /** Words and "phrases"; `falc*` where the index is not blind. */
  readonly text?: string;
  /** Persons of the directory, or accounts: `service:address`, or an address in any service. Any of them. */
  readonly person?: readonly string[];
  readonly service?: readonly string[];
  /** Microseconds since 1970: from <= time < to. */
  readonly from?: number;
  readonly to?: number;
  readonly tag?: readonly string[];
  /** pass, drop, reset, redact, …; `refused`: all that is not pass. */
  readonly verdict?: readonly string[];
  readonly rule?: readonly string[];
  readonly conversation?: readonly number[];
  readonly room?: readonly string[];
  /** Kinds of events: message, file.offer, … `file` stands for all of file.*. */
  readonly kind?: readonly string[];
}
