/** What writes one format. Records come in the order of the chain, or conversation by conversation. */
import type { ExportRecord } from './export-record.ts';

/** Digests of the kept files of a record that were taken along, and where they are in the export. */
export interface TakenFile {
  readonly sha256: string;
  readonly name: string;
  readonly size: number;
  readonly mime: string | undefined;
}

export interface ExportSink {
  add(record: ExportRecord, files: readonly TakenFile[]): Promise<void> | void;
  /** All records of a conversation were added. Formats that list records have no use for it. */
  endConversation?(): Promise<void>;
  /** What waits in memory goes to the files: the state is saved next. */
  flush?(): void;
  /** All is added: closes and lists its files. */
  end(): Promise<void> | void;
}
