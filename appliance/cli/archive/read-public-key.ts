/** `--public-key FILE`: a file that cannot be one is a mistake of the command line. */
import { PublicKey } from '../../archive/evidence/public-key.ts';
import { UserError } from '../user-error.ts';
import { told } from './open-for-command.ts';

/** Throws UserError. */
export function readPublicKey(file: string): PublicKey {
  try {
    return PublicKey.fromFile(file);
  } catch (error) {
    const shown = told(error);
    throw shown instanceof UserError ? new UserError(shown.message, shown.hint) : shown;
  }
}
