/** What writes an export in its format. */
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { NO_HASH } from '../record/chain.ts';
import { CsvSink } from './csv-sink.ts';
import { DaySink } from './day-sink.ts';
import { EdrmWriter } from './edrm-writer.ts';
import { EmlWriter } from './eml-writer.ts';
import type { ExportFolder } from './export-folder.ts';
import type { ExportSink } from './export-sink.ts';
import type { ExportState } from './export-state.ts';
import { HtmlWriter } from './html-writer.ts';
import { JsonlSink } from './jsonl-sink.ts';

export function makeSink(archive: Archive, folder: ExportFolder, state: ExportState): ExportSink {
  const place = {
    folder,
    database: archive.database,
    archive: state.archive,
    counts: state.counts,
  };
  switch (state.format) {
    case 'jsonl':
      return new JsonlSink(folder, (sequence) => previousHash(archive, sequence));
    case 'csv':
      return new CsvSink(folder, state.byteOrderMark);
    case 'eml':
      return new DaySink(place, new EmlWriter(place));
    case 'edrm':
      return new DaySink(place, new EdrmWriter(place));
    case 'html':
      return new DaySink(place, new HtmlWriter(place, state.single));
  }
}

async function previousHash({ database }: Archive, sequence: number): Promise<Uint8Array> {
  if (sequence === 1) return NO_HASH;
  const [row] = await database.rows<{ hash: Uint8Array }>(
    'SELECT hash FROM record WHERE sequence = ? UNION ALL SELECT hash FROM tombstone WHERE sequence = ?',
    sequence - 1,
    sequence - 1,
  );
  if (row !== undefined) return row.hash;
  throw new ArchiveError(`record ${sequence - 1} is missing`, 'Run: sallyport archive verify');
}
