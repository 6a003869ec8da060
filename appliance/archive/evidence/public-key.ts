/** The half of a signing key that anybody may have: it proves signatures. Ed25519 (RFC 8032), SPKI (RFC 8410). */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';

/** A public key in a file is some 113 octets; more is no such file. */
const LONGEST_FILE = 16_384;

export class PublicKey {
  /** SHA-256 of the SPKI octets, hex. */
  readonly fingerprint: string;
  /** DER, base64: as it stands in the record. */
  readonly spki: string;
  readonly #key: KeyObject;

  /** Throws ArchiveError where it is no Ed25519 key. */
  constructor(key: KeyObject) {
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new ArchiveError(`a signing key is Ed25519, not ${key.asymmetricKeyType ?? key.type}`);
    }
    const der = key.export({ type: 'spki', format: 'der' });
    this.#key = key;
    this.fingerprint = createHash('sha256').update(der).digest('hex');
    this.spki = der.toString('base64');
  }

  /** Of base64 DER; undefined where it is none. */
  static fromSpki(text: string): PublicKey | undefined {
    try {
      const key = Buffer.from(text, 'base64');
      return new PublicKey(createPublicKey({ key, format: 'der', type: 'spki' }));
    } catch {
      return undefined;
    }
  }

  /** Of a PEM file. Throws ArchiveError. */
  static fromFile(path: string): PublicKey {
    let text: Buffer;
    try {
      text = readFileSync(path);
    } catch (error) {
      const why = systemErrorText(error) ?? error;
      throw new ArchiveError(`${path}: the public key cannot be read: ${why}`);
    }
    try {
      if (text.length > LONGEST_FILE) throw new Error('too long');
      return new PublicKey(createPublicKey(text));
    } catch (error) {
      if (error instanceof ArchiveError) throw new ArchiveError(`${path}: ${error.message}`);
      throw new ArchiveError(
        `${path}: is not a public key in PEM form`,
        'It is signing.pub.pem in the home folder of the archive; take a copy to where you verify.',
      );
    }
  }

  /** `signature` is base64 of 64 octets. */
  proves(text: string, signature: string): boolean {
    const octets = Buffer.from(signature, 'base64');
    // Base64 has many spellings of the same octets; the record has one.
    if (octets.length !== 64 || octets.toString('base64') !== signature) return false;
    return verify(null, Buffer.from(text), this.#key, octets);
  }
}
