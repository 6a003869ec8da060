/**
 * Label values that rules or parsers choose, bounded in number and made fit to be shown: each new value is
 * a new time series in whoever scrapes. First come, first kept: a value never moves to `other` later,
 * which would make its counter fall.
 */
import { harmless } from '../../src/event/harmless.ts';
import type { LabelNames } from './metric.ts';

/** Values of one label; beyond are `other`. */
export const MOST_LABEL_VALUES = 200;
const LONGEST = 100; // characters
export const OTHER = 'other';

export class BoundedNames implements LabelNames {
  readonly #most: number;
  readonly #admitted = new Map<string, Map<string, string>>();

  constructor(most = MOST_LABEL_VALUES) {
    this.#most = most;
  }

  admit(label: string, value: string): string {
    let values = this.#admitted.get(label);
    if (values === undefined) {
      values = new Map();
      this.#admitted.set(label, values);
    }
    const known = values.get(value);
    if (known !== undefined) return known;
    if (values.size >= this.#most) return OTHER;
    const clean = harmless(value).slice(0, LONGEST).toWellFormed();
    values.set(value, clean);
    return clean;
  }
}
