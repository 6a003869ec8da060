/** Content in plain form (stored-form.ts), and words as they are: for an archive that does not encrypt. */
import type { Vault } from '../contract.ts';
import { readPlain, storePlain } from './stored-form.ts';

export const PLAIN_VAULT: Vault = {
  encrypts: false,
  index: 'plain',
  seal: (_subject, _id, content) => storePlain(content),
  unseal: readPlain,
  terms: (words) => words,
  close() {},
};
