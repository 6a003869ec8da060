/** Records of what was done, each made once: the rules intern theirs, and what a wire can do is few things. */
import type { VerdictRecord } from '../event/event.ts';

export class Records {
  readonly #done = new Map<string, WeakMap<VerdictRecord, VerdictRecord>>();
  readonly #notDone = new Map<string, WeakMap<VerdictRecord, VerdictRecord>>();

  /** `wanted` as it was carried out, or not; `why` is one of few, and empty where there is nothing to say. */
  of(wanted: VerdictRecord, enforced: boolean, why: string): VerdictRecord {
    if (why === '' && wanted.enforced === enforced) return wanted;
    // What matched is one event's own, mostly: not to be met again.
    if (wanted.matched !== undefined) return made(wanted, enforced, why);
    const all = enforced ? this.#done : this.#notDone;
    let known = all.get(why);
    if (known === undefined) {
      known = new WeakMap();
      all.set(why, known);
    }
    let record = known.get(wanted);
    if (record === undefined) {
      record = made(wanted, enforced, why);
      known.set(wanted, record);
    }
    return record;
  }
}

function made(wanted: VerdictRecord, enforced: boolean, why: string): VerdictRecord {
  const its = wanted.why ?? '';
  const both = why === '' || its === '' ? why + its : `${why}; ${its}`;
  return Object.freeze({ ...wanted, enforced, why: both === '' ? undefined : both });
}
