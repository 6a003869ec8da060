/**
 * What a decision becomes on this kind of wire: every record says whether it was carried out,
 * and if not, why. Policy (rules) decides; this file only tells the truth about the means.
 */
import type { VerdictRecord } from '../event/event.ts';

export type Mode = 'replay';

const WHY_NOT: Readonly<Record<Mode, string>> = {
  replay: 'replay reads a recording: nothing can be stopped',
};

/** Turns what the policy wants into what this mode did. Records are interned by the rules, so results are too. */
export class Enforcement {
  readonly #why: string;
  readonly #carriedOut = new WeakMap<VerdictRecord, VerdictRecord>();

  constructor(mode: Mode) {
    this.#why = WHY_NOT[mode];
  }

  carryOut(wanted: VerdictRecord): VerdictRecord {
    if (wanted.action === 'pass') return wanted;
    const known = this.#carriedOut.get(wanted);
    if (known !== undefined) return known;
    const why = wanted.why === undefined ? this.#why : `${this.#why}; ${wanted.why}`;
    const record = Object.freeze({ ...wanted, enforced: false, why });
    this.#carriedOut.set(wanted, record);
    return record;
  }
}
