/**
 * Which groups of values one field of the event hits. A group is what rules ask for together: a
 * list, one value, one glob, a list of words. Found once an event and field, however many rules ask.
 */
export class Hits {
  /** Groups hit, in order of discovery: list[0, size). */
  list = new Int32Array(8);
  size = 0;
  /** Values that were looked up for this event. */
  values = 0;
  #round = 0;
  #turn = 0;
  readonly #rounds: Uint32Array;
  readonly #turns: Uint32Array;
  readonly #counts: Uint32Array;

  /** For groups numbered below `groups`. */
  constructor(groups: number) {
    this.#rounds = new Uint32Array(groups);
    this.#turns = new Uint32Array(groups);
    this.#counts = new Uint32Array(groups);
  }

  /** Forgets the event before. */
  begin(): void {
    this.size = 0;
    this.values = 0;
    this.#round = next(this.#round, this.#rounds);
  }

  /** The next value; a group counts once a value. */
  value(): void {
    this.values++;
    this.#turn = next(this.#turn, this.#turns);
  }

  hit(group: number): void {
    if (this.#turns[group] === this.#turn) return;
    this.#turns[group] = this.#turn;
    if (this.#rounds[group] === this.#round) {
      this.#counts[group] = (this.#counts[group] ?? 0) + 1;
      return;
    }
    this.#rounds[group] = this.#round;
    this.#counts[group] = 1;
    if (this.size === this.list.length) {
      const grown = new Int32Array(this.size * 2);
      grown.set(this.list);
      this.list = grown;
    }
    this.list[this.size++] = group;
  }

  /** How many values hit the group: distinct words, recipients. */
  count(group: number): number {
    return this.#rounds[group] === this.#round ? (this.#counts[group] ?? 0) : 0;
  }
}

/** Counts up; at the end of 32 bits old marks are cleared, lest they come alive again. */
function next(serial: number, marks: Uint32Array): number {
  if (serial < 0xffff_ffff) return serial + 1;
  marks.fill(0);
  return 1;
}
