/** A record as it is read: its envelope parsed, its content opened, and in plain words why there is none. */
import { ArchiveError } from '../archive-error.ts';
import type { Envelope, Vault } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { isObject, type Json } from '../record/split-content.ts';
import { wholeEvent } from '../record/whole-event.ts';

/** Columns of `record` that openRecord reads. */
export const ROW_COLUMNS = [
  'sequence',
  'time',
  'kind',
  'conversation',
  'repeat',
  'envelope',
  'content',
]
  .map((column) => `record.${column} AS ${column}`)
  .join(', ');

export interface RecordRow {
  readonly sequence: number;
  readonly time: number;
  readonly kind: string;
  readonly conversation: number | null;
  readonly repeat: number;
  readonly envelope: Uint8Array;
  readonly content: Uint8Array | null;
}

/**
 * none: nothing was said or named, or policy kept metadata alone. erased: it is gone, the envelope has its
 * digest. unreadable: the octets are not what was sealed. locked: there is no key at hand.
 */
export type ContentState = 'there' | 'none' | 'erased' | 'unreadable' | 'locked';

export interface OpenedRecord {
  readonly sequence: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly conversation: number | undefined;
  readonly repeat: boolean;
  /** undefined: the octets are no envelope. */
  readonly envelope: Envelope | undefined;
  readonly content: Json | undefined;
  readonly state: ContentState;
  /** Envelope and content together, as the event was. */
  readonly event: Json;
}

/** Never throws: what cannot be read says so in `state`. */
export function openRecord(row: RecordRow, vault: Vault): OpenedRecord {
  const envelope = parseEnvelope(row.envelope);
  const event = envelope?.event ?? {};
  const { content, state } = openContent(row.content, envelope, vault);
  return {
    sequence: row.sequence,
    time: row.time,
    conversation: row.conversation ?? undefined,
    repeat: row.repeat !== 0,
    envelope,
    content,
    state,
    event: wholeEvent(event, content),
  };
}

function openContent(
  stored: Uint8Array | null,
  envelope: Envelope | undefined,
  vault: Vault,
): { readonly content: Json | undefined; readonly state: ContentState } {
  if (stored === null) {
    return { content: undefined, state: envelope?.content === undefined ? 'none' : 'erased' };
  }
  const id = envelope?.event?.id;
  try {
    const octets = vault.unseal(typeof id === 'string' ? id : '', stored);
    if (octets === undefined) return { content: undefined, state: 'erased' };
    const content: unknown = JSON.parse(Buffer.from(octets).toString('utf8'));
    if (isObject(content)) return { content, state: 'there' };
  } catch (error) {
    if (!(error instanceof ArchiveError) && !(error instanceof SyntaxError)) throw error;
    if (vault.locked === true) return { content: undefined, state: 'locked' };
  }
  return { content: undefined, state: 'unreadable' };
}

function parseEnvelope(octets: Uint8Array): Envelope | undefined {
  try {
    return decodeEnvelope(octets);
  } catch {
    return undefined;
  }
}
