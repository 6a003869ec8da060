/** Transfers of files in the record, newest first, each with what was kept of it. */
import type { Archive } from '../archive.ts';
import type { SqlValue } from '../contract.ts';
import { isObject } from '../record/split-content.ts';
import { openRecord, type RecordRow, ROW_COLUMNS } from '../search/open-record.ts';
import { KEPT_STATES, KEPT_WORDS, type KeptState } from './kept-note.ts';

export interface ListedFile {
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly service: string | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly person: string | undefined;
  /** As it was offered; undefined: it had none, it was not kept, or it is erased. */
  readonly name: string | undefined;
  /** Octets. */
  readonly size: number | undefined;
  readonly mime: string | undefined;
  readonly sha256: string | undefined;
  readonly conversation: number | undefined;
  /** Whole, and in the archive. */
  readonly complete: boolean;
  /** asked: nothing was taken over yet, or the gateway stopped before. unasked: no rule asked. gone: purged or erased. */
  readonly state: KeptState | 'asked' | 'unasked' | 'gone';
}

export const STATE_WORDS: Readonly<Record<ListedFile['state'], string>> = {
  ...KEPT_WORDS,
  asked: 'not kept (yet): nothing of it has come to the archive',
  unasked: 'not kept: no rule asked for it',
  gone: 'purged or erased',
};

interface Row extends RecordRow {
  readonly kept_sha256: string | null;
  readonly kept_state: string | null;
  readonly kept_size: number | null;
  readonly kept_mime: string | null;
  readonly stored: number | null;
  readonly gone: number | null;
}

/** `all`: those too that no rule asked for. */
export async function* listFiles(
  { database, vault }: Archive,
  selection: { readonly sql: string; readonly values: readonly SqlValue[] },
  { all = false }: { readonly all?: boolean } = {},
): AsyncGenerator<ListedFile> {
  const rows = database.each<Row>(
    `SELECT ${ROW_COLUMNS}, transfer.sha256 AS kept_sha256, transfer.state AS kept_state,
       file.size AS kept_size, file.mime AS kept_mime, file.stored AS stored, file.gone AS gone
     FROM record LEFT JOIN transfer ON transfer.sequence = record.sequence
     LEFT JOIN file ON file.sha256 = transfer.sha256
     WHERE record.kind = 'event' AND (transfer.sequence IS NOT NULL OR record.event = 'file.complete')
       AND ${selection.sql}
     ORDER BY record.time DESC, record.sequence DESC`,
    ...selection.values,
  );
  for await (const row of rows) {
    const listed = fileOf(row, openRecord(row, vault));
    if (all || listed.state !== 'unasked') yield listed;
  }
}

function fileOf(row: Row, { event, conversation }: ReturnType<typeof openRecord>): ListedFile {
  const file = isObject(event.file) ? event.file : {};
  const verdict = isObject(event.verdict) ? event.verdict : {};
  const state = stateOf(row, verdict.quarantine === true);
  const { to } = event;
  return {
    sequence: row.sequence,
    time: row.time,
    service: text(event.service),
    from: text(event.from) ?? text(event.account),
    to: Array.isArray(to) ? to.filter((one) => typeof one === 'string') : [],
    person: text(event.person),
    name: text(file.name),
    size: row.kept_size ?? (typeof file.size === 'number' ? file.size : undefined),
    mime: text(row.kept_mime) ?? text(file.mime),
    sha256: text(row.kept_sha256) ?? text(file.sha256),
    conversation,
    complete: state === 'kept',
    state,
  };
}

function stateOf({ kept_state, stored, gone }: Row, asked: boolean): ListedFile['state'] {
  if (kept_state === null) return asked ? 'asked' : 'unasked';
  const state = KEPT_STATES.find((known) => known === kept_state) ?? 'damaged';
  const held = state === 'kept' || state === 'part';
  return held && (stored === null || gone !== null) ? 'gone' : state;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
