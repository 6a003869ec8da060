/** When the end of the chain is signed: after so many records, after a while, and at the end. */
import type { ArchiveSettings } from '../../config/settings.ts';
import type { Signer } from '../evidence/signer.ts';

export class CheckpointClock {
  /** Checkpoints since the process began. */
  count = 0;
  #signedAt = performance.now();
  /** Records that wait to be signed, and since when. */
  #unsigned = 0;
  #since = 0;

  /** Records were written. */
  recorded(records: number): void {
    if (this.#unsigned === 0) this.#since = performance.now();
    this.#unsigned += records;
  }

  /** Seconds for which records wait to be signed; 0: all are. */
  get unsignedFor(): number {
    return this.#unsigned === 0 ? 0 : (performance.now() - this.#since) / 1000;
  }

  isDue({ every, records }: ArchiveSettings['checkpoints']): boolean {
    return (
      this.#unsigned > 0 &&
      (this.#unsigned >= records || performance.now() - this.#signedAt >= every)
    );
  }

  /** Where it is time to, or `now` where anything is unsigned. Rejects with ArchiveError. */
  async sign(
    signer: Signer,
    settings: ArchiveSettings['checkpoints'],
    now: boolean,
  ): Promise<void> {
    if (this.#unsigned === 0 || !(now || this.isDue(settings))) return;
    this.#signedAt = performance.now();
    if ((await signer.checkpoint()) !== undefined) this.count += 1;
    // Refused: tried again when it is time to, and waiting since it was first.
    this.#unsigned = signer.refusal === undefined ? 0 : 1;
  }
}
