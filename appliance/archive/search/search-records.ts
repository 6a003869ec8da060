/** Records that a query holds for, newest first: last archived, first shown. How they are found: record-search.ts. */
import type { Archive } from '../archive.ts';
import type { RecordQuery } from '../contract.ts';
import type { MarkedText } from './find-phrases.ts';
import type { OpenedRecord } from './open-record.ts';
import { queryParts } from './query-parts.ts';
import { RecordSearch } from './record-search.ts';
import { SEARCH_SIZES } from './search-sizes.ts';

export interface SearchOptions {
  /** Only records before (newest first) or after (oldest first) this sequence. */
  readonly beyond?: number;
  readonly oldestFirst?: boolean;
  /** Repeats are left out unless asked for: the other leg of a delivery says nothing new. */
  readonly repeats?: boolean;
}

export interface Hit {
  readonly record: OpenedRecord;
  /** Where the words stand; empty where no text was asked for. */
  readonly texts: readonly MarkedText[];
}

/** What comes after the last hit that is taken is never looked for. Throws UserError, ArchiveError. */
export async function* searchRecords(
  archive: Archive,
  query: RecordQuery,
  options: SearchOptions = {},
  sizes = SEARCH_SIZES,
): AsyncGenerator<Hit> {
  const asked = await queryParts(archive.database, archive.vault, query);
  yield* new RecordSearch(archive, query, asked, options, sizes).hits();
}
