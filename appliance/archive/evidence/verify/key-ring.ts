/**
 * Whose signatures count. Keys stand in the record itself: an audit record tells of each, and of the one before
 * that vouches for it. What the first one is worth depends on where it is known from.
 */
import type { AuditEntry } from '../../contract.ts';
import { successionText } from '../checkpoint-text.ts';
import { PublicKey } from '../public-key.ts';
import { readSigningKeyDetails } from '../signing-key-details.ts';
import type { Findings } from './findings.ts';

/** Keys of one archive: one a rotation. */
const MOST_KEYS = 4096;

interface RingKey {
  readonly key: PublicKey;
  readonly trusted: boolean;
  /** The audit record that put another one in its place. */
  replacedBy: number | undefined;
}

export class KeyRing {
  readonly #archive: string;
  readonly #findings: Findings;
  readonly #given: ReadonlySet<string>;
  readonly #keys = new Map<string, RingKey>();
  #current: string | undefined;

  /** `given`: keys that the verifier knows from elsewhere. */
  constructor(archive: string, given: readonly PublicKey[], findings: Findings) {
    this.#archive = archive;
    this.#findings = findings;
    this.#given = new Set(given.map(({ fingerprint }) => fingerprint));
    for (const key of given) {
      this.#keys.set(key.fingerprint, { key, trusted: true, replacedBy: undefined });
    }
  }

  /** The key that signs now, as the record tells. */
  get current(): string | undefined {
    return this.#current;
  }

  get(fingerprint: string): RingKey | undefined {
    return this.#keys.get(fingerprint);
  }

  /** An audit record with action `key`; others than signing keys are not of interest. */
  introduce(sequence: number, { details }: AuditEntry): void {
    const said = readSigningKeyDetails(details);
    if (said === undefined) return;
    const key = PublicKey.fromSpki(said.public);
    if (key === undefined || key.fingerprint !== said.fingerprint) {
      this.#findings.add('forged', sequence, 'record', 'the signing key it tells of is none');
      return;
    }
    if (this.#keys.size >= MOST_KEYS) return;
    const before = said.previous === undefined ? undefined : this.#keys.get(said.previous);
    const vouched =
      before !== undefined &&
      before.replacedBy === undefined &&
      before.key.proves(
        successionText(this.#archive, before.key.fingerprint, key.fingerprint),
        said.signature ?? '',
      );
    if (said.signature !== undefined && before !== undefined && !vouched) {
      this.#findings.add(
        'forged',
        sequence,
        'record',
        'the key before does not vouch for this one',
      );
    }
    if (vouched) before.replacedBy = sequence;
    // Without a key from elsewhere, the first one is believed: what that proves is told.
    const isRoot = this.#given.size === 0 && this.#keys.size === 0;
    const known = this.#keys.get(key.fingerprint);
    this.#keys.set(key.fingerprint, {
      key,
      trusted: known?.trusted === true || isRoot || (vouched && before.trusted),
      replacedBy: undefined,
    });
    this.#current = key.fingerprint;
  }
}
