/** Whether an export is what it was: signed, complete, nothing changed, nothing added. Names the first that is not. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublicKey } from '../evidence/public-key.ts';
import { readChecksums } from './checksum-list.ts';
import { CHECKSUMS, PARTIAL } from './export-folder.ts';
import { MANIFEST, type Manifest, manifestSchema, PUBLIC_KEY, SIGNATURE } from './manifest.ts';
import { verifyRecords } from './verify-records.ts';
import { walkFolder } from './walk-folder.ts';

/** Octets of a manifest that are read. */
const LONGEST_MANIFEST = 4 * 1024 * 1024;
/** Not in the list, which they vouch for. */
const UNLISTED = new Set([CHECKSUMS, MANIFEST, SIGNATURE, PUBLIC_KEY]);

export interface ExportVerified {
  readonly manifest: Manifest | undefined;
  readonly files: number;
  readonly octets: number;
  readonly records: number | undefined;
  /** Contents that the signature alone proves. */
  readonly sealed: number;
  /** Fingerprint of the key that signed. */
  readonly key: string | undefined;
  /** The key came by another way than the export itself. */
  readonly keyGiven: boolean;
  /** The first thing that is wrong: a file and what of it. */
  readonly problem: string | undefined;
}

interface Found {
  manifest?: Manifest;
  files: number;
  octets: number;
  records?: number;
  sealed: number;
  key?: string;
}

/** `given`: the public key that the export must be signed with. `onFile` hears of octets that were read. */
export async function verifyExport(
  folder: string,
  given: PublicKey | undefined,
  onFile: (octets: number) => void = () => undefined,
): Promise<ExportVerified> {
  const found: Found = { files: 0, octets: 0, sealed: 0 };
  const problem = await firstProblem(folder, given, found, onFile);
  return {
    manifest: found.manifest,
    files: found.files,
    octets: found.octets,
    records: found.records,
    sealed: found.sealed,
    key: found.key,
    keyGiven: given !== undefined,
    problem,
  };
}

async function firstProblem(
  folder: string,
  given: PublicKey | undefined,
  found: Found,
  onFile: (octets: number) => void,
): Promise<string | undefined> {
  if (existsSync(join(folder, PARTIAL))) {
    return `${PARTIAL}: the export is not finished; continue it with archive export --resume`;
  }
  const manifestProblem = readManifest(folder, given, found);
  if (manifestProblem !== undefined) return manifestProblem;
  const { manifest } = found;
  if (manifest === undefined) return `${MANIFEST}: is missing`;
  const listProblem = await listedProblem(folder, manifest, found, onFile);
  if (listProblem !== undefined) return listProblem;
  const extra = await extraFile(folder, manifest.files.count);
  if (extra !== undefined) return extra;
  if (manifest.format !== 'jsonl') return undefined;
  const proven = await verifyRecords(folder, manifest);
  found.records = proven.records;
  found.sealed = proven.sealed;
  return proven.problem;
}

function readManifest(folder: string, given: PublicKey | undefined, found: Found) {
  const text = readSmall(join(folder, MANIFEST));
  if (text === undefined) return `${MANIFEST}: is missing, or no text`;
  const signature = readSmall(join(folder, SIGNATURE));
  let key = given;
  if (key === undefined && isFile(join(folder, PUBLIC_KEY))) {
    try {
      key = PublicKey.fromFile(join(folder, PUBLIC_KEY));
    } catch {
      return `${PUBLIC_KEY}: is no public key`;
    }
  }
  if (signature !== undefined && key !== undefined) {
    if (!key.proves(text, signature.trimEnd())) {
      return `${MANIFEST}: was changed, or is not signed by the key ${key.fingerprint}`;
    }
    found.key = key.fingerprint;
  }
  const parsed = manifestSchema.safeParse(asJson(text));
  if (!parsed.success) return `${MANIFEST}: is no manifest of an export`;
  const manifest = parsed.data;
  found.manifest = manifest;
  if (found.key !== undefined) return undefined;
  if (signature === undefined && (manifest.signature !== undefined || given !== undefined)) {
    return `${SIGNATURE}: is missing`;
  }
  return signature === undefined ? undefined : `${PUBLIC_KEY}: is missing, and no key was given`;
}

async function listedProblem(
  folder: string,
  manifest: Manifest,
  found: Found,
  onFile: (octets: number) => void,
): Promise<string | undefined> {
  const list = join(folder, CHECKSUMS);
  if (!isFile(list)) return `${CHECKSUMS}: is missing`;
  if ((await digestOf(list, onFile)) !== manifest.files.sha256) return `${CHECKSUMS}: was changed`;
  for await (const file of readChecksums(list)) {
    if (file === undefined) return `${CHECKSUMS}: has a line that lists no file`;
    const path = join(folder, file.name);
    if (!isFile(path)) return `${file.name}: is missing`;
    if ((await digestOf(path, onFile)) !== file.sha256) return `${file.name}: was changed`;
    found.files += 1;
    found.octets += lstatSync(path).size;
  }
  if (found.files === manifest.files.count && found.octets === manifest.files.octets) {
    return undefined;
  }
  return `${CHECKSUMS}: lists other files than the manifest tells of`;
}

/** As many files as are listed, all of them there: then no other is. */
async function extraFile(folder: string, listed: number): Promise<string | undefined> {
  let others = -listed;
  for (const { name, isFile } of walkFolder(folder)) {
    if (!isFile) return `${name}: is no file of the export`;
    if (!UNLISTED.has(name)) others += 1;
  }
  if (others === 0) return undefined;
  const names = new Set<string>();
  for await (const file of readChecksums(join(folder, CHECKSUMS))) names.add(file?.name ?? '');
  for (const { name } of walkFolder(folder)) {
    if (!UNLISTED.has(name) && !names.has(name)) return `${name}: was added`;
  }
  return `${CHECKSUMS}: lists a file twice`;
}

/** undefined: it is not there, too long, or no text: what is signed is octets, and text stands for them. */
function readSmall(path: string): string | undefined {
  if (!isFile(path) || lstatSync(path).size > LONGEST_MANIFEST) return undefined;
  const octets = readFileSync(path);
  return isUtf8(octets) ? octets.toString('utf8') : undefined;
}

/** No link: what it leads to is not part of the export. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function digestOf(path: string, onFile: (octets: number) => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    hash.update(part);
    onFile(part.length);
  }
  return hash.digest('hex');
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
