/**
 * The tables of an archive as PostgreSQL has them.
 *
 * `record` is partitioned by month. The month is a column of its own, since a partition for a list of values
 * is added while exports read the others: one for a range of times beside a default partition would have to
 * wait for them, and they for it. Each has its times as a CHECK, by which the planner leaves it out.
 *
 * Text sorts by octets, as in SQLite. Content is kept out of the planner's statistics; terms are in them, since a
 * rare word and a common one want to be looked for in different ways: scrub makes them anew.
 */
import { otherTables, POSTGRES, recordIndexes, recordTable, SCHEMA_VERSION } from '../schema.ts';
import { NO_MONTH, partitionName } from './months.ts';

const RECORD = [
  `${recordTable(POSTGRES)},
    month BIGINT NOT NULL DEFAULT ${NO_MONTH},
    PRIMARY KEY (sequence, month)) PARTITION BY LIST (month)`,
  'ALTER TABLE record ALTER COLUMN envelope SET STATISTICS 0',
  'ALTER TABLE record ALTER COLUMN content SET STATISTICS 0',
  `CREATE TABLE ${partitionName(NO_MONTH)} PARTITION OF record FOR VALUES IN (${NO_MONTH})`,
];

/** A row a message, and for those that a tsvector cannot hold several (term-vectors.ts). */
const INDEX = [
  'CREATE TABLE record_text (sequence BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)',
  `CREATE TABLE record_text_long (
    sequence BIGINT NOT NULL,
    part BIGINT NOT NULL,
    terms TSVECTOR NOT NULL,
    PRIMARY KEY (sequence, part))`,
  'CREATE INDEX record_text_terms ON record_text USING GIN (terms)',
  'CREATE INDEX record_text_long_terms ON record_text_long USING GIN (terms)',
];

/** Partitions in which something was deleted or changed: scrub() rewrites those (scrubbing = 1) and empties this. */
const TOUCHED = [
  `CREATE TABLE record_touched (
    name TEXT NOT NULL,
    scrubbing BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (name, scrubbing))`,
  `CREATE FUNCTION record_was_touched() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO record_touched VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$`,
  `CREATE TRIGGER record_touched AFTER UPDATE OR DELETE ON record
    FOR EACH ROW EXECUTE FUNCTION record_was_touched()`,
];

/** Statements, in their order. */
export function postgresSchema(): string[] {
  return [
    ...[...RECORD, ...otherTables(POSTGRES), ...recordIndexes(POSTGRES)].map(byOctets),
    ...INDEX,
    ...TOUCHED,
    `INSERT INTO meta (name, value) VALUES ('schema', '${SCHEMA_VERSION}')`,
  ];
}

function byOctets(statement: string): string {
  return statement.replace(/\bTEXT\b/g, 'TEXT COLLATE "C"');
}
