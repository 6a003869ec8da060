/** What an export was asked for. */
import type { RecordQuery } from '../contract.ts';
import type { ExportFormat } from './export-format.ts';
import type { Selection } from './selected-records.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly query: RecordQuery;
  readonly selection: Selection;
  readonly withFiles: boolean;
  readonly byteOrderMark: boolean;
}
