/** What verify found wrong: all counted, the first ones kept to be told. */

/** How the record differs from what was written. */
export const BREAKS = [
  'changed',
  'removed',
  'inserted',
  'reordered',
  'truncated',
  /** A signature, a purge or an erasure that nobody who may has made. */
  'forged',
] as const;
export type Break = (typeof BREAKS)[number];

export interface Finding {
  readonly what: Break;
  /** Of the record, or the first of those that it is about; undefined: of no one record. */
  readonly sequence: number | undefined;
  /** Table and column, or file: `record.time`, `checkpoints.jsonl`. */
  readonly where: string;
  /** One sentence, without the two above. */
  readonly text: string;
}

/** Findings kept; others are counted. */
const LISTED = 100;

export class Findings {
  readonly #listed: Finding[] = [];
  readonly #counts = new Map<string, number>();
  #first: Finding | undefined;
  #total = 0;

  add(what: Break, sequence: number | undefined, where: string, text: string): void {
    const finding: Finding = { what, sequence, where, text };
    this.#total += 1;
    const kind = `${what} ${where}`;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (this.#listed.length < LISTED) this.#listed.push(finding);
    if (this.#first === undefined || before(finding, this.#first)) this.#first = finding;
  }

  get total(): number {
    return this.#total;
  }

  /** The one with the lowest sequence; of several, the one found first. */
  get first(): Finding | undefined {
    return this.#first;
  }

  /** In the order in which they were found, at most 100. */
  get listed(): readonly Finding[] {
    return this.#listed;
  }

  /** `changed record.time` → how often, most first. */
  get counts(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([, a], [, b]) => b - a);
  }
}

/** Of one record, what became of it as a whole is said before what is wrong within it. */
function before(a: Finding, b: Finding): boolean {
  const [first, second] = [a.sequence ?? Number.MAX_VALUE, b.sequence ?? Number.MAX_VALUE];
  return first < second || (first === second && a.where === 'record' && b.where !== 'record');
}
