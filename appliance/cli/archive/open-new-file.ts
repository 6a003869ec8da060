/** A file that a command writes: a new one, for its owner alone. */
import { openSync } from 'node:fs';
import { errorCode, systemErrorText, UserError } from '../user-error.ts';

const OWNER_ONLY = 0o600;

/** A descriptor. Throws UserError. */
export function openNewFile(path: string): number {
  try {
    return openSync(path, 'wx', OWNER_ONLY);
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    const isThere = errorCode(error) === 'EEXIST';
    throw new UserError(
      `${path}: ${isThere ? 'is there already, and nothing is overwritten' : why}`,
    );
  }
}
