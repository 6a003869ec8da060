/**
 * A transaction that another one may follow before it is committed. Two at most are under way: one that is being
 * committed, and one that works.
 */
import { TouchedTables } from './touched-tables.ts';

export class AheadTransaction {
  /** The one before, which was not committed when this one was asked for; until this one ends, too. */
  #before: AheadTransaction | undefined;
  #follower: AheadTransaction | undefined;
  readonly touched = new TouchedTables();
  /** Its work is done, or has failed: no order of it comes any more but how it ends. */
  readonly whenWorked: Promise<void>;
  /** It is committed, or undone. */
  readonly ended: Promise<void>;
  /** Both hold for it and for the one before it. */
  readonly mayBeFollowed: Promise<unknown>;
  #worked: () => void = () => undefined;
  #end: () => void = () => undefined;
  #hasEnded = false;

  constructor(before: AheadTransaction | undefined) {
    this.#before = before;
    if (before !== undefined) before.#follower = this;
    this.whenWorked = new Promise((resolve) => {
      this.#worked = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.mayBeFollowed = Promise.all([this.whenWorked, before?.ended]);
  }

  get isFirst(): boolean {
    return this.#before === undefined;
  }

  /** Nothing more comes of what follows it but how that ends. */
  get whenFollowerWorked(): Promise<void> | undefined {
    return this.#follower?.whenWorked;
  }

  worked(): void {
    this.#worked();
  }

  end(): void {
    this.#hasEnded = true;
    this.#before = undefined;
    this.#follower = undefined;
    this.#end();
  }

  /** A statement reads what the one before changed, which is not committed yet; but for `known` tables. */
  isAhead(sql: string, known: readonly string[]): boolean {
    const before = this.#before;
    return before !== undefined && !before.#hasEnded && before.touched.mayBeReadBy(sql, known);
  }
}
