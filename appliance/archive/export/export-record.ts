/** A record as an export shows it: read from its row, its content opened where it still can be. */
import { ArchiveError } from '../archive-error.ts';
import type { Envelope, Vault } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { isObject, type Json } from '../record/split-content.ts';
import { wholeEvent } from '../record/whole-event.ts';
import { isPlain } from '../vault/stored-form.ts';

/**
 * whole: nothing is missing. erased: content was kept, and is gone. none: something was said, and no content was
 * recorded, since policy keeps metadata alone or the words could not be read. unreadable: what is stored is not
 * what was sealed.
 */
export const CONTENT_STATES = ['whole', 'erased', 'none', 'unreadable'] as const;
export type ContentState = (typeof CONTENT_STATES)[number];

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

/** Throws ArchiveError where the envelope is not what was written. */
export function openRecord(row: RecordRow, vault: Vault): ExportRecord {
  const envelope = readEnvelope(row);
  const { event } = envelope;
  if (event === undefined) {
    throw new ArchiveError(`record ${row.sequence}: its envelope has no event`, VERIFY);
  }
  const { octets, json, isReadable } = readContent(row, event, vault);
  return {
    sequence: row.sequence,
    time: row.time,
    conversation: row.conversation ?? undefined,
    repeat: row.repeat !== 0,
    hash: row.hash,
    envelope: row.envelope,
    content: octets,
    prefix:
      octets !== undefined && row.content !== null && isPlain(row.content)
        ? row.content.subarray(0, row.content.length - octets.length)
        : undefined,
    state: isReadable ? stateOf(envelope, event, octets) : 'unreadable',
    event: wholeEvent(event, json),
  };
}

const VERIFY = 'Run: sallyport archive verify';

function stateOf(
  envelope: Envelope,
  { kind }: Json,
  content: Uint8Array | undefined,
): ContentState {
  if (envelope.content !== undefined) return content === undefined ? 'erased' : 'whole';
  return typeof kind === 'string' && SPOKEN.has(kind) ? 'none' : 'whole';
}

function readEnvelope({ sequence, envelope }: RecordRow): Envelope {
  try {
    return decodeEnvelope(envelope);
  } catch {
    throw new ArchiveError(`record ${sequence}: what is stored is no envelope`, VERIFY);
  }
}

interface ReadContent {
  readonly octets: Uint8Array | undefined;
  readonly json: Json | undefined;
  readonly isReadable: boolean;
}

const GONE: ReadContent = { octets: undefined, json: undefined, isReadable: true };
const UNREADABLE: ReadContent = { octets: undefined, json: undefined, isReadable: false };

function readContent({ content }: RecordRow, { id }: Json, vault: Vault): ReadContent {
  if (content === null) return GONE;
  try {
    const octets = vault.unseal(typeof id === 'string' ? id : '', content);
    if (octets === undefined) return GONE;
    const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
    const json: unknown = JSON.parse(text);
    return isObject(json) ? { octets, json, isReadable: true } : UNREADABLE;
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof SyntaxError) return UNREADABLE;
    throw error;
  }
}
