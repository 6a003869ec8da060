/** Where an export stands: saved beside it while it runs, so that it can be continued after any interruption. */
import { z } from 'zod';
import { EXPORT_FORMATS } from './export-format.ts';

const count = z.int().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const exportCountsSchema = z.strictObject({
  /** Records written. */
  records: count,
  conversations: count,
  /** Messages of a conversation and a day; pages, where the format is HTML. */
  documents: count,
  /** Kept files that were taken along: transfers of them. */
  files: count,
  leftOut: z.strictObject({
    /** Said already: other legs of a delivery, carbons, echoes. */
    repeats: count,
    /** Records of no conversation: connections, sign-in. */
    noConversation: count,
    /** Records that are there while their content is erased. */
    contentErased: count,
    /** Records whose content is not what was sealed: verify says more. */
    contentUnreadable: count,
    /** Records of something said whose content was never recorded: policy, or encryption end to end. */
    noContent: count,
    /** Numbers between the first and the last record that are purged: whether they were asked for cannot be told. */
    purged: count,
    /** Kept files that are gone, or cannot be read. */
    filesGone: count,
  }),
});
export type ExportCounts = z.infer<typeof exportCountsSchema>;

const edge = z.strictObject({
  sequence: z.int().positive(),
  time: z.int(),
  hash: digest,
});
export type RecordEdge = z.infer<typeof edge>;

const exportStateSchema = z.strictObject({
  state: z.literal(2),
  archive: z.string(),
  format: z.enum(EXPORT_FORMATS),
  /** A RecordQuery. */
  query: z.record(z.string(), z.unknown()),
  withFiles: z.boolean(),
  byteOrderMark: z.boolean(),
  startedAt: z.string(),
  /** The archive as it stood when the export began: nothing later is exported. */
  upTo: count,
  upToHash: z.string(),
  /** Records to be written, for progress. */
  total: count,
  /** HTML in one page. */
  single: z.boolean(),
  /** The last record, or the last conversation, that is written whole. */
  done: count,
  first: edge.optional(),
  last: edge.optional(),
  counts: exportCountsSchema,
  resumed: count,
});
export type ExportState = z.infer<typeof exportStateSchema>;

export const savedStateSchema = exportStateSchema.extend({
  /** The files that grow, as far as they were written. */
  files: z.record(z.string(), z.strictObject({ size: count, sha256: digest })),
});
export type SavedState = z.infer<typeof savedStateSchema>;

export function noCounts(): ExportCounts {
  return {
    records: 0,
    conversations: 0,
    documents: 0,
    files: 0,
    leftOut: {
      repeats: 0,
      noConversation: 0,
      contentErased: 0,
      contentUnreadable: 0,
      noContent: 0,
      purged: 0,
      filesGone: 0,
    },
  };
}
