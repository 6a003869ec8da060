/**
 * The key that signs checkpoints: `signing.pem` in the home folder, PKCS #8, readable by its owner alone, made
 * at first use; the public half stands beside it.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { errorCode, systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import { type ArchiveTarget, homePaths } from '../target.ts';
import { makeHomeFile, replaceHomeFile } from './home-file.ts';
import { PublicKey } from './public-key.ts';

const PRIVATE = 0o600;
const PUBLIC = 0o644;
/** Read, written or run by group and others. */
const SHARED = 0o077;

export class SigningKey {
  readonly publicKey: PublicKey;
  readonly #key: KeyObject;

  /** Throws ArchiveError where it is no Ed25519 key. */
  constructor(key: KeyObject) {
    this.#key = key;
    this.publicKey = new PublicKey(createPublicKey(key));
  }

  get fingerprint(): string {
    return this.publicKey.fingerprint;
  }

  /** Base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64');
  }

  static generate(): SigningKey {
    return new SigningKey(generateKeyPairSync('ed25519').privateKey);
  }

  get pem(): string | Buffer {
    return this.#key.export({ type: 'pkcs8', format: 'pem' });
  }

  get publicPem(): string | Buffer {
    return createPublicKey(this.#key).export({ type: 'spki', format: 'pem' });
  }
}

/** undefined: there is none. Throws ArchiveError where it cannot be used, or others may read it. */
export function loadSigningKey(path: string): SigningKey | undefined {
  let pem: Buffer;
  try {
    pem = readFileSync(path);
    if ((statSync(path).mode & SHARED) !== 0) {
      throw new ArchiveError(
        `${path}: others than its owner may read the signing key`,
        `chmod 600 ${path}; if it was readable for long, make a new one: sallyport archive keys rotate-signing`,
      );
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw new ArchiveError(
      `${path}: the signing key cannot be read: ${systemErrorText(error) ?? error}`,
      'Run this as the user that owns the archive.',
    );
  }
  try {
    return new SigningKey(createPrivateKey(pem));
  } catch (error) {
    if (error instanceof ArchiveError) throw new ArchiveError(`${path}: ${error.message}`);
    throw new ArchiveError(`${path}: is not a private key in PEM form`);
  }
}

/** The key of the home folder; made where there is none. Throws ArchiveError. */
export function openSigningKey(target: ArchiveTarget): SigningKey {
  const { signingKey, publicKey } = homePaths(target);
  const known = loadSigningKey(signingKey);
  if (known !== undefined) return known;
  try {
    makeHomeFile(signingKey, SigningKey.generate().pem, PRIVATE);
    // Of two processes that start at once, one made it: what is there now is the key of both.
    const key = loadSigningKey(signingKey);
    if (key === undefined) throw new ArchiveError(`${signingKey}: went away while it was made`);
    replaceHomeFile(publicKey, key.publicPem, PUBLIC);
    return key;
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(
      `${signingKey}: the signing key cannot be made: ${errorCode(error) ?? error}`,
      'The home folder of the archive must be writable; --archive-home names another one.',
    );
  }
}

/** Its public half, where whoever made the key was killed before it stood there. */
export function completeSigningKey(target: ArchiveTarget, key: SigningKey): void {
  const { publicKey } = homePaths(target);
  if (!existsSync(publicKey)) makeHomeFile(publicKey, key.publicPem, PUBLIC);
}

/** Puts a key in the place of the one that is there. */
export function replaceSigningKey(target: ArchiveTarget, key: SigningKey): void {
  const { signingKey, publicKey } = homePaths(target);
  replaceHomeFile(signingKey, key.pem, PRIVATE);
  replaceHomeFile(publicKey, key.publicPem, PUBLIC);
}
