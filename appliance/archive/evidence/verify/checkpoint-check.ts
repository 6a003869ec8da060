/** Checkpoints in the chain: what they sign is what stands there, and who signs may. */
import type { Checkpoint } from '../../contract.ts';
import { checkpointText } from '../checkpoint-text.ts';
import type { Findings } from './findings.ts';
import type { KeyRing } from './key-ring.ts';

export interface Signed {
  /** The last record that a signature covers. */
  readonly upTo: number;
  /** RFC 3339: when it was signed. */
  readonly at: string;
  readonly key: string;
}

/** The record before a checkpoint. */
export interface Before {
  /** As it stands in the table. */
  readonly hash: Uint8Array;
  /** Breaks of the chain so far. */
  readonly breaks: number;
}

export class CheckpointCheck {
  readonly #archive: string;
  readonly #keys: KeyRing;
  readonly #findings: Findings;
  #count = 0;
  /** Breaks of the chain up to the checkpoint before. */
  #breaks = 0;
  #last: Signed | undefined;
  /** Signed by keys that nobody known vouches for: a later checkpoint by a trusted key covers what they signed. */
  #untrusted: { readonly sequence: number; readonly key: string; count: number } | undefined;

  constructor(archive: string, keys: KeyRing, findings: Findings) {
    this.#archive = archive;
    this.#keys = keys;
    this.#findings = findings;
  }

  /** Checkpoints that hold. */
  get count(): number {
    return this.#count;
  }

  get last(): Signed | undefined {
    return this.#last;
  }

  /** Whether the signature holds and counts. */
  add(sequence: number, at: string, checkpoint: Checkpoint, before: Before): boolean {
    const { upTo, hash, key: fingerprint, signature } = checkpoint;
    const found = (what: 'changed' | 'forged', text: string) => {
      this.#findings.add(what, sequence, 'checkpoint', text);
      return false;
    };
    const ring = this.#keys.get(fingerprint);
    if (checkpoint.archive !== this.#archive) return found('forged', 'it is of another archive');
    if (ring === undefined)
      return found('forged', `the record tells of no key ${brief(fingerprint)}, which signed it`);
    if (!ring.key.proves(checkpointText(checkpoint, at), signature)) {
      return found('forged', `key ${brief(fingerprint)} has not signed this`);
    }
    if (ring.replacedBy !== undefined) {
      return found(
        'forged',
        `key ${brief(fingerprint)} signed it, which record ${ring.replacedBy} had replaced`,
      );
    }
    const signedHere = upTo === sequence - 1;
    if (!signedHere || hash !== Buffer.from(before.hash).toString('hex')) {
      // The signature is real: so it is the records that are not what they were. Where the chain told so, it is told.
      if (before.breaks > this.#breaks) {
        this.#breaks = before.breaks;
        return false;
      }
      this.#findings.add(
        'changed',
        (this.#last?.upTo ?? 0) + 1,
        'record',
        signedHere
          ? `one or more of the records ${(this.#last?.upTo ?? 0) + 1} to ${upTo} are not those that checkpoint ${sequence} signed: they were changed, and the chain made anew`
          : `checkpoint ${sequence} signed record ${upTo}, and stands elsewhere: records before it were put in or taken out, and the chain made anew`,
      );
      return false;
    }
    this.#breaks = before.breaks;
    if (!ring.trusted) {
      this.#untrusted ??= { sequence, key: fingerprint, count: 0 };
      this.#untrusted.count += 1;
      return false;
    }
    this.#untrusted = undefined;
    this.#count += 1;
    this.#last = { upTo, at, key: fingerprint };
    return true;
  }

  end(): void {
    if (this.#untrusted === undefined) return;
    const { sequence, key, count } = this.#untrusted;
    this.#findings.add(
      'forged',
      sequence,
      'checkpoint',
      `${count === 1 ? 'it is' : `it and ${count - 1} after it are`} signed by key ${brief(key)}, for which no key that you trust vouches`,
    );
  }
}

/** Enough of a fingerprint to tell it from others by eye. */
export function brief(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}
