/** The last steps of an export: list, manifest, signature. Only then the mark that it is partial goes. */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rfc3339 } from '../../../src/event/time.ts';
import type { Archive } from '../archive.ts';
import type { Actor } from '../evidence/who.ts';
import { readChecksums } from './checksum-list.ts';
import { CHECKSUMS, type ExportFolder, PARTIAL } from './export-folder.ts';
import type { ExportRequest } from './export-request.ts';
import type { RecordEdge } from './export-state.ts';
import { FILES } from './kept-files.ts';
import {
  MANIFEST,
  type Manifest,
  type ManifestEntry,
  manifestSchema,
  PUBLIC_KEY,
  SIGNATURE,
} from './manifest.ts';
import { README, readMe } from './read-me.ts';
import type { ExportRun } from './run-export.ts';
import { usableKey } from './usable-key.ts';
import { walkFolder } from './walk-folder.ts';

/** Files that the manifest itself names. */
const MOST_ENTRIES = 1000;

export interface ExportAuthor extends Actor {
  readonly program: string;
  readonly why: string | undefined;
}

export interface FinishedExport {
  readonly manifest: Manifest;
  /** SHA-256 of manifest.json, hex. */
  readonly sha256: string;
}

/** Everything but the signature and the end of the mark: `complete` does those when the act is recorded. */
export async function finishExport(
  archive: Archive,
  folder: ExportFolder,
  run: ExportRun,
  request: ExportRequest,
  author: ExportAuthor,
): Promise<FinishedExport> {
  const { state } = run;
  const text = readMe(request.format, request.withFiles);
  folder.write(README, text);
  folder.list(README, sha256(text));
  if (request.withFiles && request.format !== 'eml') listKeptFiles(folder);
  const list = folder.finishList();
  if (state.resumed > 0) await removeStrays(folder.path);
  const { count, octets, entries } = await sizes(folder.path);
  const key = usableKey(archive);
  state.counts.leftOut.purged = await purgedBetween(archive, state.first, state.last);
  const manifest: Manifest = {
    manifest: 1,
    program: author.program,
    archive: state.archive,
    format: state.format,
    from: state.startedAt,
    to: rfc3339(Date.now() * 1000),
    who: author.who,
    host: author.host,
    ...(author.why === undefined ? {} : { why: author.why }),
    query: { ...request.query },
    withFiles: request.withFiles,
    resumed: state.resumed,
    records: {
      ...(state.first === undefined ? {} : { first: shown(state.first) }),
      ...(state.last === undefined ? {} : { last: shown(state.last) }),
      upTo: { sequence: state.upTo, hash: state.upToHash },
      changedMeanwhile: await changedSince(archive, state.upTo),
    },
    counts: state.counts,
    files: { list: CHECKSUMS, sha256: list, count, octets, ...(entries && { entries }) },
    ...(key instanceof Error
      ? { unsigned: key.message }
      : { signature: { file: SIGNATURE, publicKey: PUBLIC_KEY, key: key.fingerprint } }),
  };
  const written = `${JSON.stringify(manifestSchema.parse(manifest), undefined, 2)}\n`;
  folder.write(MANIFEST, written);
  if (!(key instanceof Error)) {
    folder.write(SIGNATURE, `${key.sign(written)}\n`);
    folder.write(PUBLIC_KEY, key.publicPem);
  }
  return { manifest, sha256: sha256(written) };
}

/** They stand under their digests, which were checked when they were taken. */
function listKeptFiles(folder: ExportFolder): void {
  if (!existsSync(join(folder.path, FILES))) return;
  for (const { name } of walkFolder(folder.path, FILES)) {
    folder.list(name, /([0-9a-f]{64})(?:\.[a-z]+)?$/.exec(name)?.[1] ?? '');
  }
}

async function sizes(path: string) {
  let count = 0;
  let octets = 0;
  const entries: ManifestEntry[] = [];
  for await (const file of readChecksums(join(path, CHECKSUMS))) {
    if (file === undefined) continue;
    const { size } = lstatSync(join(path, file.name));
    count += 1;
    octets += size;
    if (count <= MOST_ENTRIES) entries.push({ path: file.name, size, sha256: file.sha256 });
  }
  return { count, octets, entries: count <= MOST_ENTRIES ? entries : undefined };
}

/** What an interrupted run wrote after its last saved state, and the archive no longer has. */
async function removeStrays(path: string): Promise<void> {
  const listed = new Set<string>([CHECKSUMS, MANIFEST, SIGNATURE, PUBLIC_KEY]);
  for await (const file of readChecksums(join(path, CHECKSUMS))) {
    if (file !== undefined) listed.add(file.name);
  }
  for (const { name } of walkFolder(path)) {
    if (!listed.has(name) && !name.startsWith(`${PARTIAL}/`)) rmSync(join(path, name));
  }
}

async function purgedBetween(
  { database }: Archive,
  first: RecordEdge | undefined,
  last: RecordEdge | undefined,
): Promise<number> {
  if (first === undefined || last === undefined) return 0;
  const [row] = await database.rows<{ purged: number }>(
    'SELECT count(*) AS purged FROM tombstone WHERE sequence > ? AND sequence < ?',
    first.sequence,
    last.sequence,
  );
  return row?.purged ?? 0;
}

async function changedSince({ database }: Archive, upTo: number): Promise<boolean> {
  const rows = await database.rows(
    `SELECT purge FROM tombstone WHERE purge > ? AND sequence <= ?
     UNION ALL SELECT erasure FROM erasure WHERE erasure > ? AND sequence <= ? LIMIT 1`,
    upTo,
    upTo,
    upTo,
    upTo,
  );
  return rows.length > 0;
}

function shown({ sequence, time, hash }: RecordEdge) {
  return { sequence, time: rfc3339(time), hash };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
