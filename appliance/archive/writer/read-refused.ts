/** Lines in quarantine, read back (refused-lines.ts). The file is hostile, like what stands in it. */
import { lstatSync } from 'node:fs';
import { ArchiveError } from '../archive-error.ts';
import type { Vault } from '../contract.ts';
import { readLines } from '../export/read-lines.ts';
import { LONGEST_REFUSED, REFUSED_ID } from './refused-lines.ts';

export interface RefusedLine {
  /** From 1, as they stand in the file. */
  readonly number: number;
  /** RFC 3339. undefined: damaged. */
  readonly at: string | undefined;
  /** Why it is no record; where it is damaged, that. */
  readonly why: string;
  readonly sealed: boolean;
  /** As it came; undefined: it is sealed and its key is not at hand, or it is damaged. */
  readonly line: string | undefined;
  /** Why there is no line. */
  readonly trouble: string | undefined;
}

/** Nothing where there is no file. Throws ArchiveError: what is there is none. */
export async function* readRefused(path: string, vault: Vault): AsyncIterable<RefusedLine> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isFile()) throw new ArchiveError(`${path}: is no file`);
  let number = 0;
  for await (const text of readLines(path, LONGEST_REFUSED)) {
    number += 1;
    yield { number, ...entry(text, vault) };
  }
}

function entry(text: string, vault: Vault): Omit<RefusedLine, 'number'> {
  const { at, why, line, sealed } = parsed(text) ?? {};
  if (typeof at !== 'string' || typeof why !== 'string') return damaged('it is no entry');
  if (typeof line === 'string') return { at, why, sealed: false, line, trouble: undefined };
  if (typeof sealed !== 'string') return damaged('it has no line');
  return { at, why, sealed: true, ...unsealed(sealed, vault) };
}

function unsealed(sealed: string, vault: Vault): Pick<RefusedLine, 'line' | 'trouble'> {
  try {
    const octets = vault.unseal(REFUSED_ID, Buffer.from(sealed, 'base64'));
    if (octets === undefined) return { line: undefined, trouble: 'its key was destroyed' };
    return { line: Buffer.from(octets).toString(), trouble: undefined };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { line: undefined, trouble: error.message };
  }
}

function damaged(trouble: string): Omit<RefusedLine, 'number'> {
  return { at: undefined, why: 'damaged', sealed: false, line: undefined, trouble };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
