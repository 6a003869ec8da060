/** Content encrypted with AES-256-GCM, a data key for each subject; words as blind terms, or no index at all. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ArchiveError } from '../archive-error.ts';
import type { Vault } from '../contract.ts';
import { BlindTerms } from './blind-terms.ts';
import type { DataKey } from './data-keys.ts';
import type { KeyStore } from './key-store.ts';
import { Recent } from './recent.ts';
import { SPOOL_SUBJECT, type SpoolKeys } from './spool-keys.ts';
import {
  CIPHERTEXT_AT,
  damaged,
  isPlain,
  keyNumber,
  NONCE_AT,
  NONCE_OCTETS,
  putHeader,
  putRandom,
  readPlain,
  TAG_OCTETS,
  view,
} from './stored-form.ts';

/** Unwrapped keys in memory: about 1 kB each. */
const KEYS = 8192;
/** Nonces are random: NIST SP 800-38D allows 2^32 of them a key; long before, the subject gets a new one. */
const SEALS = 2 ** 28;
/** Milliseconds after which it is asked whether another process destroyed or retired keys. */
const LOOK_EVERY = 100;

interface SealingKey extends DataKey {
  seals: number;
}

export class SealingVault implements Vault {
  readonly encrypts = true;
  readonly index: 'blind' | 'off';
  readonly spool: SpoolKeys;
  readonly #store: KeyStore;
  readonly #terms: BlindTerms | undefined;
  readonly #current = new Recent<string, SealingKey>(KEYS);
  readonly #byNumber = new Recent<number, DataKey>(KEYS);
  #looked = 0;

  constructor(store: KeyStore, index: 'blind' | 'off') {
    this.#store = store;
    this.index = index;
    this.spool = {
      current: () => store.current(SPOOL_SUBJECT),
      byNumber: (number) => store.byNumber(number),
    };
    this.#terms = index === 'blind' ? new BlindTerms(store.indexKey()) : undefined;
  }

  refresh(): void {
    this.#looked = performance.now();
    if (!this.#store.changed()) return;
    this.#current.clear();
    this.#byNumber.clear();
  }

  seal(subject: string, id: string, content: Uint8Array): Uint8Array {
    this.#look();
    const { number, key } = this.#keyOf(subject);
    const stored = Buffer.allocUnsafe(CIPHERTEXT_AT + content.length + TAG_OCTETS);
    putHeader(stored, number);
    putRandom(stored, NONCE_AT, NONCE_OCTETS);
    const cipher = createCipheriv('aes-256-gcm', key, stored.subarray(NONCE_AT, CIPHERTEXT_AT));
    cipher.setAAD(Buffer.from(id));
    stored.set(cipher.update(content), CIPHERTEXT_AT);
    cipher.final();
    stored.set(cipher.getAuthTag(), CIPHERTEXT_AT + content.length);
    return stored;
  }

  unseal(id: string, stored: Uint8Array): Uint8Array | undefined {
    // From before the archive encrypted.
    if (isPlain(stored)) return readPlain(id, stored);
    const number = keyNumber(id, stored);
    this.#look();
    const known = this.#byNumber.get(number) ?? this.#store.byNumber(number);
    if (known === undefined) return undefined;
    this.#byNumber.set(number, known);
    const octets = view(stored);
    const end = octets.length - TAG_OCTETS;
    const nonce = octets.subarray(NONCE_AT, CIPHERTEXT_AT);
    const decipher = createDecipheriv('aes-256-gcm', known.key, nonce);
    decipher.setAAD(Buffer.from(id));
    decipher.setAuthTag(octets.subarray(end));
    const content = decipher.update(octets.subarray(CIPHERTEXT_AT, end));
    try {
      decipher.final();
    } catch {
      throw damaged(id, 'it is not what was sealed');
    }
    return content;
  }

  terms(words: readonly string[]): readonly string[] {
    if (this.#terms === undefined) {
      throw new ArchiveError(
        'this archive has no search index: its text is encrypted, and the configuration says index: off',
        'Search by person, time, service, tag or verdict.',
      );
    }
    return this.#terms.of(words);
  }

  close(): void {
    this.#current.clear();
    this.#byNumber.clear();
    this.#store.close();
  }

  #keyOf(subject: string): DataKey {
    const known = this.#current.get(subject);
    if (known !== undefined && ++known.seals < SEALS) return known;
    if (known !== undefined) this.#store.retire(subject);
    const made = { ...this.#store.current(subject), seals: 0 };
    this.#current.set(subject, made);
    return made;
  }

  #look(): void {
    if (performance.now() - this.#looked > LOOK_EVERY) this.refresh();
  }
}
