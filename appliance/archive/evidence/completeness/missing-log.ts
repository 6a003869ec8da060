/** What is missing from the record: stretches of one kind and cause put together. */

/** lost: nobody wanted that. unread: it was there, and could not be read. policy: it was not to be kept. */
export const MISSING_KINDS = ['lost', 'unread', 'policy'] as const;
export type MissingKind = (typeof MISSING_KINDS)[number];

export interface Missing {
  readonly kind: MissingKind;
  /** `dropped`, `gap`, `not running`, … */
  readonly what: string;
  readonly why: string;
  /** How often. */
  times: number;
  /** What was counted: `{ packets: 12 }`. */
  readonly counts: Record<string, number>;
  /** Microseconds since 1970: of the first and of the last one. Infinite: it is not known. */
  from: number;
  to: number;
  /** Accounts, as `service:address`; the first few. */
  readonly whose: string[];
  /** There are more accounts. */
  more: boolean;
}

/** Kinds and causes told apart; what comes after shares one. */
const MOST = 500;
const ACCOUNTS = 8;

export interface MissingPiece {
  readonly kind: MissingKind;
  readonly what: string;
  readonly why: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly from: number;
  readonly to: number;
  readonly whose?: string;
}

export class MissingLog {
  readonly #log = new Map<string, Missing>();

  add(piece: MissingPiece): void {
    const { kind, what, from, to, whose } = piece;
    const full = this.#log.size >= MOST && !this.#log.has(keyOf(piece));
    const why = full ? 'other causes' : piece.why;
    const key = keyOf({ kind, what, why });
    let missing = this.#log.get(key);
    if (missing === undefined) {
      missing = { kind, what, why, times: 0, counts: {}, from, to, whose: [], more: false };
      this.#log.set(key, missing);
    }
    missing.times += 1;
    missing.from = Math.min(missing.from, from);
    missing.to = Math.max(missing.to, to);
    for (const [name, count] of Object.entries(piece.counts)) {
      missing.counts[name] = (missing.counts[name] ?? 0) + count;
    }
    if (whose === undefined || missing.whose.includes(whose)) return;
    if (missing.whose.length < ACCOUNTS) missing.whose.push(whose);
    else missing.more = true;
  }

  /** In the order of kinds, then of time. */
  get all(): readonly Missing[] {
    const order = ({ kind }: Missing) => MISSING_KINDS.indexOf(kind);
    return [...this.#log.values()].sort((a, b) => order(a) - order(b) || a.from - b.from);
  }
}

function keyOf({ kind, what, why }: Pick<MissingPiece, 'kind' | 'what' | 'why'>): string {
  return `${kind}\n${what}\n${why}`;
}
