/**
 * The tables of an archive, for both databases. SQLite takes this text as it is; postgres/ adds partitions and
 * its own index. Times are microseconds since 1970, flags 0 or 1.
 *
 * What stands in columns beside `envelope` is there to be searched, and is made from the envelope: verify
 * compares them.
 */

export const SCHEMA_VERSION = 1;

export interface Dialect {
  readonly integer: string; // 64 bit
  readonly octets: string;
  /** What ends the columns of an index on `record`: rows that are alike in them are read in their order. */
  readonly inOrder: string;
}

/** The number of a row is its sequence, with which SQLite ends each entry of an index anyway. */
export const SQLITE: Dialect = { integer: 'INTEGER', octets: 'BLOB', inOrder: '' };
export const POSTGRES: Dialect = { integer: 'BIGINT', octets: 'BYTEA', inOrder: ', sequence' };

/** `record` alone: postgres/ makes it partitioned. */
export function recordTable({ integer, octets }: Dialect): string {
  return `CREATE TABLE record (
    sequence ${integer} NOT NULL,
    time ${integer} NOT NULL,
    kind TEXT NOT NULL,            -- event, audit, ledger, checkpoint
    event TEXT,                    -- kind of the event: message, file.offer, …
    service TEXT,
    conversation ${integer},
    account ${integer},            -- party on the client side of the connection
    sender ${integer},             -- party
    action TEXT,                   -- of the verdict, where there is one
    rule TEXT,
    repeat ${integer} NOT NULL DEFAULT 0,
    envelope ${octets} NOT NULL,
    content ${octets},             -- NULL: none, or erased (see erasure)
    hash ${octets} NOT NULL`;
}

export function otherTables({ integer, octets }: Dialect): string[] {
  return [
    // archive (id), schema, head (sequence and hash of the last record), spool (what was taken from it), …
    `CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
    `CREATE TABLE party (
      id ${integer} PRIMARY KEY,
      service TEXT NOT NULL,
      address TEXT NOT NULL,
      person TEXT,                 -- as the directory said last
      UNIQUE (service, address))`,
    `CREATE INDEX party_person ON party (person)`,
    `CREATE TABLE conversation (
      id ${integer} PRIMARY KEY,
      service TEXT NOT NULL,
      room TEXT,
      thread_key TEXT NOT NULL,    -- service and room, or service and parties in order
      started ${integer} NOT NULL,
      ended ${integer} NOT NULL,
      messages ${integer} NOT NULL DEFAULT 0,
      files ${integer} NOT NULL DEFAULT 0,
      events ${integer} NOT NULL DEFAULT 0,
      refused ${integer} NOT NULL DEFAULT 0)`,
    `CREATE INDEX conversation_thread ON conversation (thread_key, ended)`,
    `CREATE INDEX conversation_ended ON conversation (ended)`,
    `CREATE INDEX conversation_room ON conversation (LOWER(room)) WHERE room IS NOT NULL`,
    `CREATE TABLE participant (
      conversation ${integer} NOT NULL,
      party ${integer} NOT NULL,
      messages ${integer} NOT NULL DEFAULT 0,
      PRIMARY KEY (conversation, party))`,
    `CREATE INDEX participant_party ON participant (party, conversation)`,
    `CREATE TABLE record_tag (tag TEXT NOT NULL, sequence ${integer} NOT NULL, PRIMARY KEY (tag, sequence))`,
    `CREATE INDEX record_tag_sequence ON record_tag (sequence)`,
    // Files that were kept (files/): one row a content, one a transfer of it.
    `CREATE TABLE file (
      sha256 TEXT PRIMARY KEY,
      size ${integer} NOT NULL,
      mime TEXT,
      stored ${integer} NOT NULL,  -- when
      sealed ${integer} NOT NULL DEFAULT 0,
      gone ${integer})             -- when it was purged or erased`,
    // Of an event whose file a rule asked to keep. state: files/kept-note.ts; sha256 is '' where it is not known.
    `CREATE TABLE transfer (
      sequence ${integer} NOT NULL,
      sha256 TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'kept',
      file_key ${octets},          -- the file's key, sealed for the subject of the record
      PRIMARY KEY (sequence, sha256))`,
    `CREATE INDEX transfer_sha256 ON transfer (sha256)`,
    // What is left of a purged record: enough to prove the chain. purge: sequence of the audit record that tells why.
    `CREATE TABLE tombstone (
      sequence ${integer} PRIMARY KEY,
      leaf ${octets} NOT NULL,
      hash ${octets} NOT NULL,
      purge ${integer} NOT NULL)`,
    // Content that was erased while its record stays. erasure: sequence of the audit record.
    `CREATE TABLE erasure (sequence ${integer} PRIMARY KEY, erasure ${integer} NOT NULL)`,
    `CREATE TABLE hold (
      id ${integer} PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      query TEXT NOT NULL,         -- JSON of a RecordQuery
      made ${integer} NOT NULL,
      released ${integer})`,
  ];
}

/** Services, kinds and what became of it. */
export const PLACES = 'record_place';
/**
 * What archives of earlier versions have instead, without the action; those before them have record_service
 * (service, sequence) and record_event (rare kinds).
 */
export const EARLIER_PLACES = 'record_service_event';

/** Who did something outside of any conversation, on somebody else's connection: all others are found without it. */
export const SENDERS = 'record_other_sender';
/** What archives of earlier versions have instead: of every record. */
export const EARLIER_SENDERS = 'record_sender';

/** Indexes on `record` besides its primary key. Archives of earlier versions in SQLite have the sequence twice in them. */
export function recordIndexes({ inOrder }: Dialect): string[] {
  return [
    `CREATE INDEX record_time ON record (time${inOrder})`,
    `CREATE INDEX record_conversation ON record (conversation${inOrder}) WHERE conversation IS NOT NULL`,
    `CREATE INDEX ${SENDERS} ON record (sender${inOrder})
      WHERE sender IS NOT NULL AND conversation IS NULL AND sender IS DISTINCT FROM account`,
    `CREATE INDEX record_action ON record (action${inOrder}) WHERE action IS NOT NULL AND action <> 'pass'`,
    // What a connection tells of somebody who takes part in no conversation there.
    `CREATE INDEX record_account ON record (account${inOrder}) WHERE account IS NOT NULL AND conversation IS NULL`,
    `CREATE INDEX record_rule ON record (rule${inOrder}) WHERE rule IS NOT NULL`,
    // For services, for kinds (of each service in turn), and for both. The action, which is in no other index where
    // it is `pass`, stands last: of a kind that never has it, no row is read.
    `CREATE INDEX ${PLACES} ON record (service, event, sequence, action)`,
    `CREATE INDEX record_other ON record (kind${inOrder}) WHERE kind <> 'event'`,
  ];
}
