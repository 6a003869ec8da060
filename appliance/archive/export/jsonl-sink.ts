/**
 * JSONL: `events.jsonl` has the events as they were; `records.jsonl` beside it, line by line, what proves them:
 *
 *     {"sequence":7,"conversation":3,"previous":"…","hash":"…","envelope":"…","prefix":"00…","content":"…"}
 *
 * envelope and content are the stored text, so that anybody can hash them anew: contract.ts says how. `prefix`
 * (hex) stands before the content as it is stored. Where the archive encrypts content its digest is of what is
 * encrypted, and `sealed` says that the signature of the export proves it, and nothing else can.
 */
import type { AppendFile } from './append-file.ts';
import type { ExportFolder } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import { hexText } from './hex-text.ts';
import { jsonLine } from './json-line.ts';

export const EVENTS = 'events.jsonl';
export const RECORDS = 'records.jsonl';

/** Hash of the record before the one with this sequence, purged or not. */
export type PreviousHash = (sequence: number) => Promise<Uint8Array>;

export class JsonlSink implements ExportSink {
  readonly #folder: ExportFolder;
  readonly #previous: PreviousHash;
  readonly #events: AppendFile;
  readonly #records: AppendFile;
  /** Hash in hex. */
  #last: { readonly sequence: number; readonly hash: string } | undefined;

  constructor(folder: ExportFolder, previous: PreviousHash) {
    this.#folder = folder;
    this.#previous = previous;
    this.#events = folder.append(EVENTS);
    this.#records = folder.append(RECORDS);
  }

  add(record: ExportRecord, files: readonly TakenFile[]): Promise<void> | void {
    const { sequence } = record;
    if (this.#last?.sequence === sequence - 1) return this.#write(record, files, this.#last.hash);
    return this.#previous(sequence).then((hash) => this.#write(record, files, hexText(hash)));
  }

  #write(record: ExportRecord, files: readonly TakenFile[], previous: string): void {
    const hash = hexText(record.hash);
    this.#last = { sequence: record.sequence, hash };
    this.#events.text(`${jsonLine(record.event)}\n`);
    this.#records.text(`${proof(record, files, previous, hash)}\n`);
  }

  end(): void {
    this.#folder.finish(EVENTS);
    this.#folder.finish(RECORDS);
  }
}

/** Put together by hand: to make an object and its JSON costs three times as much. */
function proof(
  { sequence, conversation, repeat, state, envelope, prefix, content }: ExportRecord,
  files: readonly TakenFile[],
  previous: string,
  hash: string,
): string {
  let json = `{"sequence":${sequence}`;
  if (conversation !== undefined) json += `,"conversation":${conversation}`;
  if (repeat) json += ',"repeat":true';
  if (state !== 'whole') json += `,"state":"${state}"`;
  json += `,"previous":"${previous}","hash":"${hash}","envelope":${jsonLine(utf8(envelope))}`;
  if (prefix !== undefined) json += `,"prefix":"${hexText(prefix)}"`;
  if (content !== undefined) {
    json += `,"content":${jsonLine(utf8(content))}`;
    if (prefix === undefined) json += ',"sealed":true';
  }
  if (files.length > 0) json += `,"files":${jsonLine(files.map(({ name }) => name))}`;
  return `${json}}`;
}

function utf8(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}
