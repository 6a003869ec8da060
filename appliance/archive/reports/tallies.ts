/** Rows by name, as many as there is room for; the others share one, and it says so by its name. */
export const OTHERS = '(others)';

export class Tallies<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #make: (name: string) => Row;
  readonly #most: number;
  /** Rows asked for that found no place. */
  beyond = 0;

  constructor(most: number, make: (name: string) => Row) {
    this.#most = most;
    this.#make = make;
  }

  of(name: string): Row {
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#most && name !== OTHERS) {
      this.beyond += 1;
      return this.of(OTHERS);
    }
    const made = this.#make(name);
    this.#rows.set(name, made);
    return made;
  }

  values(): Row[] {
    return [...this.#rows.values()];
  }
}
