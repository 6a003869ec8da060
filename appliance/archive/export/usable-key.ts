/** The key that signs the archive, where who exports may read it; an Error says why there is none at hand. */
import type { Archive } from '../archive.ts';
import { loadSigningKey, type SigningKey } from '../evidence/signing-key.ts';
import { homePaths } from '../target.ts';

export function usableKey({ target }: Archive): SigningKey | Error {
  try {
    return (
      loadSigningKey(homePaths(target).signingKey) ?? new Error('there is no signing key here')
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
