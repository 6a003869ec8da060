/**
 * JSONL: `events.jsonl` has the events as they were; `records.jsonl` beside it, line by line, what proves them:
 *
 *     {"sequence":7,"conversation":3,"previous":"…","hash":"…","envelope":"…","prefix":"00…","content":"…"}
 *
 * envelope and content are the stored text, so that anybody can hash them anew: contract.ts says how. `prefix`
 * (hex) stands before the content as it is stored. Where the archive encrypts content its digest is of what is
 * encrypted, and `sealed` says that the signature of the export proves it, and nothing else can.
 */
import type { ExportFolder } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import { jsonLine } from './json-line.ts';

export const EVENTS = 'events.jsonl';
export const RECORDS = 'records.jsonl';

/** Hash of the record before the one with this sequence, purged or not. */
export type PreviousHash = (sequence: number) => Promise<Uint8Array>;

export class JsonlSink implements ExportSink {
  readonly #folder: ExportFolder;
  readonly #previous: PreviousHash;
  #last: { readonly sequence: number; readonly hash: Uint8Array } | undefined;

  constructor(folder: ExportFolder, previous: PreviousHash) {
    this.#folder = folder;
    this.#previous = previous;
    folder.append(EVENTS);
    folder.append(RECORDS);
  }

  async add(record: ExportRecord, files: readonly TakenFile[]): Promise<void> {
    const { sequence, conversation, hash, envelope, prefix, content, state } = record;
    const previous =
      this.#last?.sequence === sequence - 1 ? this.#last.hash : await this.#previous(sequence);
    this.#last = { sequence, hash };
    this.#folder.append(EVENTS).text(`${jsonLine(record.event)}\n`);
    const proof = {
      sequence,
      ...(conversation === undefined ? {} : { conversation }),
      ...(record.repeat ? { repeat: true } : {}),
      ...(state === 'whole' ? {} : { state }),
      previous: hex(previous),
      hash: hex(hash),
      envelope: utf8(envelope),
      ...(prefix === undefined ? {} : { prefix: hex(prefix) }),
      ...(content === undefined ? {} : { content: utf8(content) }),
      ...(content !== undefined && prefix === undefined ? { sealed: true } : {}),
      ...(files.length === 0 ? {} : { files: files.map(({ name }) => name) }),
    };
    this.#folder.append(RECORDS).text(`${jsonLine(proof)}\n`);
  }

  end(): void {
    this.#folder.finish(EVENTS);
    this.#folder.finish(RECORDS);
  }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex');
}

function utf8(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}
