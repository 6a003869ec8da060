/** Records of what was done, each made once: the rules intern theirs, and what a wire can do is few things. */
import type { VerdictRecord } from '../event/event.ts';

export class Records {
  readonly #done = new Map<string, WeakMap<VerdictRecord, VerdictRecord>>();
  readonly #notDone = new Map<string, WeakMap<VerdictRecord, VerdictRecord>>();

  /** `wanted` as it was carried out, or not; `why` is one of few, and empty where there is nothing to say. */
  of(wanted: VerdictRecord, enforced: boolean, why: string): VerdictRecord {
    if (why === '' && wanted.enforced === enforced) return wanted;
    const all = enforced ? this.#done : this.#notDone;
    let made = all.get(why);
    if (made === undefined) {
      made = new WeakMap();
      all.set(why, made);
    }
    const known = made.get(wanted);
    if (known !== undefined) return known;
    const both = [why, wanted.why ?? ''].filter((part) => part !== '').join('; ');
    const record = Object.freeze({ ...wanted, enforced, why: both === '' ? undefined : both });
    made.set(wanted, record);
    return record;
  }
}
