/** What writes one format. Records come in the order of the chain, or conversation by conversation. */
import type { ExportRecord } from './export-record.ts';

/** A kept file that was taken along. */
export interface TakenFile {
  readonly sha256: string;
  /** In the export; attached to a message, the name it has there. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
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
