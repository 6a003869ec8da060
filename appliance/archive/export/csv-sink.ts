/** CSV (RFC 4180): one line a record, for spreadsheets. What an event has besides is in JSONL. */
import { stringify } from 'csv-stringify/sync';
import { csvCell } from './csv-cell.ts';
import type { ExportFolder } from './export-folder.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportSink, TakenFile } from './export-sink.ts';
import { numberOf, partOf, textOf, textsOf } from './field.ts';

export const TABLE = 'events.csv';
const BYTE_ORDER_MARK = '\ufeff';
/** Rows that are made into text at a time. */
const BATCH = 500;

type Column = (record: ExportRecord, files: readonly TakenFile[]) => string | number | undefined;

const COLUMNS: Readonly<Record<string, Column>> = {
  sequence: ({ sequence }) => sequence,
  time: ({ event }) => textOf(event, 'ts'),
  conversation: ({ conversation }) => conversation,
  service: ({ event }) => textOf(event, 'service') ?? textOf(event, 'protocol'),
  kind: ({ event }) => textOf(event, 'kind'),
  from: ({ event }) => textOf(event, 'from'),
  to: ({ event }) => textsOf(event, 'to').join('; '),
  room: ({ event }) => textOf(event, 'room'),
  text: ({ event }) => textOf(event, 'text'),
  subject: ({ event }) => textOf(event, 'subject'),
  status: ({ event }) => textOf(event, 'status') ?? textOf(event, 'state'),
  reason: ({ event }) => textOf(event, 'reason'),
  'file name': ({ event }) => textOf(partOf(event, 'file'), 'name'),
  'file size': ({ event }) => numberOf(partOf(event, 'file'), 'size'),
  'file sha256': ({ event }) => textOf(partOf(event, 'file'), 'sha256'),
  'kept file': (_record, files) => files.map(({ name }) => name).join('; '),
  account: ({ event }) => textOf(event, 'account'),
  person: ({ event }) => textOf(event, 'person'),
  peers: ({ event }) => textsOf(event, 'peers').join('; '),
  verdict: ({ event }) => textOf(partOf(event, 'verdict'), 'action'),
  enforced: ({ event }) => flag(partOf(event, 'verdict').enforced),
  rule: ({ event }) => textOf(partOf(event, 'verdict'), 'rule'),
  tags: ({ event }) => textsOf(partOf(event, 'verdict'), 'tags').join('; '),
  repeat: ({ repeat }) => (repeat ? 'yes' : undefined),
  content: ({ state }) => state,
  id: ({ event }) => textOf(event, 'id'),
  hash: ({ hash }) => Buffer.from(hash).toString('hex'),
};

export class CsvSink implements ExportSink {
  readonly #folder: ExportFolder;
  readonly #columns = Object.values(COLUMNS);
  #rows: (string | number)[][] = [];

  constructor(folder: ExportFolder, byteOrderMark: boolean) {
    this.#folder = folder;
    const file = folder.append(TABLE);
    if (file.size > 0) return;
    if (byteOrderMark) file.text(BYTE_ORDER_MARK);
    this.#rows.push(Object.keys(COLUMNS));
    this.flush();
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    this.#rows.push(
      this.#columns.map((column) => {
        const value = column(record, files);
        return typeof value === 'string' ? csvCell(value) : (value ?? '');
      }),
    );
    if (this.#rows.length >= BATCH) this.flush();
  }

  flush(): void {
    // A lone CR ends a line for some readers: quoted like CR LF.
    const text = stringify(this.#rows, { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
    this.#folder.append(TABLE).text(text);
    this.#rows = [];
  }

  end(): void {
    this.flush();
    this.#folder.finish(TABLE);
  }
}

function flag(value: unknown): string | undefined {
  if (value === true) return 'yes';
  return value === false ? 'no' : undefined;
}
