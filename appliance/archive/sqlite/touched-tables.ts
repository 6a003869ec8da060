/**
 * Tables that a transaction has changed so far. What reads none of them sees the same from outside of it: nobody
 * else can write meanwhile.
 */
const CHANGE = /^\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_]+)/i;

export class TouchedTables {
  readonly #names = new Set<string>();
  #any = false;

  table(name: string): void {
    this.#names.add(name);
  }

  /** By a statement that changes something; one that is not understood may have changed all. */
  statement(sql: string): void {
    const name = CHANGE.exec(sql)?.[1];
    if (name === undefined) this.#any = true;
    else this.#names.add(name.toLowerCase());
  }

  /** False: it cannot read any of them but `known`. A name that stands in it for something else counts too. */
  mayBeReadBy(sql: string, known: readonly string[] = []): boolean {
    if (this.#any) return true;
    const text = sql.toLowerCase();
    for (const name of this.#names) if (text.includes(name) && !known.includes(name)) return true;
    return false;
  }
}
