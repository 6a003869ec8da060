/** What the names in one rule file mean: its own lists and schedules first, then all others. */
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { nearest, suggest } from '../source/suggest.ts';
import type { List, Schedule } from './policy.ts';

/** Names declared in several files. */
export class Names<T extends { readonly name: string; readonly place: Place }> {
  readonly #what: string;
  readonly #all = new Map<string, T[]>();
  readonly used = new Set<T>();

  constructor(what: string) {
    this.#what = what;
  }

  add(declared: T): void {
    const known = this.#all.get(declared.name);
    if (known === undefined) this.#all.set(declared.name, [declared]);
    else known.push(declared);
  }

  get all(): T[] {
    return [...this.#all.values()].flat();
  }

  /**
   * What `name`, written at `place`, means; undefined and a diagnostic when it means nothing, with
   * the hint `otherwise` where no name is near.
   */
  find(name: string, place: Place, found: Diagnostics, otherwise?: string): T | undefined {
    const known = this.#all.get(name) ?? [];
    const own = known.find((declared) => declared.place.file === place.file);
    const [first, second] = known;
    if (own === undefined && second !== undefined) {
      const files = known.map((declared) => declared.place.file).join(', ');
      found.error(place, `${this.#what} '${name}' is declared in several files`, files);
      return undefined;
    }
    const meant = own ?? first;
    if (meant === undefined) {
      const names = [...this.#all.keys()];
      const hint = nearest(name, names) === undefined ? otherwise : undefined;
      found.error(place, `no ${this.#what} is called '${name}'`, hint ?? suggest(name, names));
    } else this.used.add(meant);
    return meant;
  }
}

export interface Scope {
  readonly lists: Names<List>;
  readonly schedules: Names<Schedule>;
  /** Undefined when there is no directory. */
  readonly groups: ReadonlySet<string> | undefined;
  readonly departments: ReadonlySet<string> | undefined;
  readonly found: Diagnostics;
  /** False where something written could not be read: then nothing is missed in what is left. */
  readonly whole: boolean;
}
