/**
 * `state.json` of an export that is not finished: the state, and on the line below it the signature of the archive's
 * key, where it is at hand. Without it, who can write to the folder could change what is there already, and have
 * it signed as the rest of the export.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, systemErrorText, UserError } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import type { SigningKey } from '../evidence/signing-key.ts';
import { type SavedState, savedStateSchema } from './export-state.ts';

const STATE = 'state.json';
/** Before the state, in what is signed: no signature serves for anything else. */
const PURPOSE = 'sallyport export state 1\n';

export interface SavedExport {
  readonly state: SavedState;
  readonly json: string;
  readonly signature: string | undefined;
}

/** Its name in `.partial/`, and what stands in it. */
export function savedText(state: SavedState, key: SigningKey | undefined) {
  const json = JSON.stringify(state);
  const signature = key === undefined ? '' : `${key.sign(PURPOSE + json)}\n`;
  return { name: STATE, text: `${json}\n${signature}` };
}

/** `partial`: the folder of what is not finished; `out`: the export as people name it. Throws UserError. */
export function readSaved(partial: string, out: string): SavedExport {
  const [json = '', signature = ''] = readText(partial, out).split('\n');
  const saved = savedStateSchema.safeParse(asJson(json));
  if (saved.success) return { state: saved.data, json, signature: signature || undefined };
  throw new UserError(
    `${out}: ${STATE} of the interrupted export is not what an export wrote`,
    'Export anew, into another folder.',
  );
}

/** Throws ArchiveError: the state was not saved by this archive. Without its key nothing can be said, or signed. */
export function proveSaved({ json, signature }: SavedExport, key: SigningKey | undefined): void {
  if (key === undefined || key.publicKey.proves(PURPOSE + json, signature ?? '')) return;
  throw new ArchiveError(
    signature === undefined
      ? 'the interrupted export was begun without the signing key of the archive'
      : 'what the interrupted export saved was changed, or signed by another key',
    'What is there already cannot be trusted: export anew, into another folder.',
  );
}

function readText(partial: string, out: string): string {
  try {
    if (!lstatSync(partial).isDirectory()) throw new UserError(`${out}: is no export`);
    return readFileSync(join(partial, STATE), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      throw new UserError(
        `${out}: holds no export that was interrupted`,
        'Without --resume a new one is made, in a new folder.',
      );
    }
    const why = systemErrorText(error);
    if (error instanceof UserError || why === undefined) throw error;
    throw new UserError(`${out}: the interrupted export cannot be read: ${why}`);
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
