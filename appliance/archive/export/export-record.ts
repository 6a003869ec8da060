/** A record as an export shows it: read from its row, its content opened where it still can be. */
import { ArchiveError } from '../archive-error.ts';
import type { Envelope, Vault } from '../contract.ts';
import type { Json } from '../record/split-content.ts';
import { wholeEvent } from '../record/whole-event.ts';
import { isPlain } from '../vault/stored-form.ts';

/** whole: nothing is missing. erased: content was kept, and is gone. metadata: policy kept none. */
export type ContentState = 'whole' | 'erased' | 'metadata';

/** The columns an export reads, in SQL. */
export const RECORD_COLUMNS =
  'record.sequence AS sequence, record.time AS time, record.conversation AS conversation, record.repeat AS repeat, ' +
  'record.envelope AS envelope, record.content AS content, record.hash AS hash';

export interface RecordRow {
  readonly sequence: number;
  readonly time: number;
  readonly conversation: number | null;
  readonly repeat: number;
  readonly envelope: Uint8Array;
  readonly content: Uint8Array | null;
  readonly hash: Uint8Array;
}

export interface ExportRecord {
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly conversation: number | undefined;
  /** The other leg of a delivery, a carbon, an echo. */
  readonly repeat: boolean;
  readonly hash: Uint8Array;
  /** As stored, UTF-8. */
  readonly envelope: Uint8Array;
  /** Opened, UTF-8 JSON; undefined: none, or erased. */
  readonly content: Uint8Array | undefined;
  /** What stands before `content` as it is stored, where the archive does not encrypt it. */
  readonly prefix: Uint8Array | undefined;
  readonly state: ContentState;
  /** Whole, members in the order of the event model. */
  readonly event: Json;
}

/** Kinds that are nothing without what was said. */
const SPOKEN = new Set(['message', 'message.edit', 'room.topic']);

/** Throws ArchiveError where envelope or content are not what was written. */
export function openRecord(row: RecordRow, vault: Vault): ExportRecord {
  const envelope = parse<Envelope>(row.envelope, row.sequence);
  const { event } = envelope;
  if (event === undefined || typeof event.kind !== 'string') {
    throw new ArchiveError(`record ${row.sequence}: its envelope has no event`, VERIFY);
  }
  const id = typeof event.id === 'string' ? event.id : '';
  const content = row.content === null ? undefined : vault.unseal(id, row.content);
  return {
    sequence: row.sequence,
    time: row.time,
    conversation: row.conversation ?? undefined,
    repeat: row.repeat !== 0,
    hash: row.hash,
    envelope: row.envelope,
    content,
    prefix:
      content !== undefined && row.content !== null && isPlain(row.content)
        ? row.content.subarray(0, row.content.length - content.length)
        : undefined,
    state: stateOf(envelope, event.kind, content),
    event: wholeEvent(event, content === undefined ? undefined : parse(content, row.sequence)),
  };
}

const VERIFY = 'Run: sallyport archive verify';

function stateOf(envelope: Envelope, kind: string, content: Uint8Array | undefined): ContentState {
  if (envelope.content !== undefined) return content === undefined ? 'erased' : 'whole';
  return SPOKEN.has(kind) ? 'metadata' : 'whole';
}

function parse<T>(octets: Uint8Array, sequence: number): T {
  try {
    return JSON.parse(
      Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8'),
    );
  } catch {
    throw new ArchiveError(`record ${sequence}: what is stored is not JSON`, VERIFY);
  }
}
