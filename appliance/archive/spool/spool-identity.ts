/**
 * Which spool this is, and how often it was opened: a number of an entry counts within one opening
 * ("generation"), so that none is ever given twice, whatever a loss of power took from the files.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceHomeFile } from '../evidence/home-file.ts';

const NAME = 'identity.json';

export interface SpoolIdentity {
  /** 32 hex digits. */
  readonly spool: string;
  readonly generation: number;
}

export interface KnownSegment {
  /** undefined: its header is damaged, and its name says the rest. */
  readonly spool: string | undefined;
  readonly generation: number;
}

/** The next generation, on the disk before it is used. `segments`: what is there, should the file be gone. */
export function nextGeneration(folder: string, segments: readonly KnownSegment[]): SpoolIdentity {
  const known = read(join(folder, NAME));
  const named = segments.findLast(({ spool }) => spool !== undefined);
  const spool = known?.spool ?? named?.spool ?? randomName();
  const before = Math.max(known?.generation ?? 0, ...segments.map(({ generation }) => generation));
  return write(folder, { spool, generation: before + 1 });
}

/** Another spool in the same folder, from this generation on. */
export function newIdentity(folder: string, generation: number): SpoolIdentity {
  return write(folder, { spool: randomName(), generation });
}

function randomName(): string {
  return randomBytes(16).toString('hex');
}

function write(folder: string, identity: SpoolIdentity): SpoolIdentity {
  replaceHomeFile(join(folder, NAME), `${JSON.stringify(identity)}\n`, 0o600);
  return identity;
}

function read(path: string): SpoolIdentity | undefined {
  try {
    const { spool, generation } = Object(JSON.parse(readFileSync(path, 'utf8')));
    if (typeof spool !== 'string' || !/^[0-9a-f]{32}$/.test(spool)) return undefined;
    return Number.isSafeInteger(generation) && generation > 0 ? { spool, generation } : undefined;
  } catch {
    return undefined; // none yet, or damaged: the segments tell
  }
}
