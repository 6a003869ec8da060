/**
 * What an export is: of which archive, who asked for what, which records are in it, what was left out and why.
 * It names the digest of SHA256SUMS, which lists every file; so whoever proves the manifest proves them all.
 *
 *     manifest.json   this, signed
 *     manifest.sig    Ed25519 of the octets of manifest.json, base64
 *     signing.pub.pem the key that signed; what proves is the copy of it that came by another way
 */
import { z } from 'zod';
import { EXPORT_FORMATS } from './export-format.ts';
import { exportCountsSchema } from './export-state.ts';

export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';
export const PUBLIC_KEY = 'signing.pub.pem';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const edge = z.strictObject({ sequence: z.int().positive(), time: z.string(), hash: digest });

export const manifestSchema = z.strictObject({
  manifest: z.literal(1),
  program: z.string(),
  archive: z.string(),
  format: z.enum(EXPORT_FORMATS),
  /** When it began and ended. */
  from: z.string(),
  to: z.string(),
  who: z.string(),
  host: z.string(),
  why: z.string().optional(),
  /** A RecordQuery; empty: everything. */
  query: z.record(z.string(), z.unknown()),
  /** Kept files were taken along. */
  withFiles: z.boolean(),
  /** Times that it was interrupted and continued. */
  resumed: z.int().nonnegative(),
  records: z.strictObject({
    first: edge.optional(),
    last: edge.optional(),
    /** The end of the archive when the export began: nothing after it was asked for. */
    upTo: z.strictObject({ sequence: z.int().nonnegative(), hash: z.string() }),
    /** The archive was purged or erased in while it was exported. */
    changedMeanwhile: z.boolean(),
  }),
  counts: exportCountsSchema,
  files: z.strictObject({
    list: z.string(),
    sha256: digest,
    count: z.int().nonnegative(),
    octets: z.int().nonnegative(),
    /** All of them, where they are not many. */
    entries: z
      .array(z.strictObject({ path: z.string(), size: z.int().nonnegative(), sha256: digest }))
      .optional(),
  }),
  signature: z.strictObject({ file: z.string(), publicKey: z.string(), key: digest }).optional(),
  /** Why there is no signature. */
  unsigned: z.string().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestEntry = NonNullable<Manifest['files']['entries']>[number];
