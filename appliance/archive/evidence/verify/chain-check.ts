/**
 * Follows the chain from record to record and says what is wrong where it does not fit.
 *
 * After a break it goes on from the hash that stands in the table: so one changed record is one finding, and
 * what comes after it is judged by itself.
 */
import { leafOf, nextHash } from '../../record/chain.ts';
import type { Findings } from './findings.ts';

export interface Link {
  readonly sequence: number;
  /** undefined: a tombstone, which has its leaf only. */
  readonly envelope: Uint8Array | undefined;
  /** Of a tombstone. */
  readonly leaf: Uint8Array | undefined;
  readonly hash: Uint8Array;
}

/** A record that does not fit what was before it. */
interface Misfit {
  readonly sequence: number;
  readonly table: 'record' | 'tombstone';
  readonly before: Uint8Array;
  /** What its hash should be, and what it is. */
  readonly computed: Uint8Array;
  readonly stored: Uint8Array;
  /** Kept to see whether it belongs elsewhere; undefined: too long for that. */
  readonly envelope: Uint8Array | undefined;
}

/** Misfits remembered, to see whether another one belongs in their place, and octets of each. */
const REMEMBERED = 32;
const REMEMBERED_OCTETS = 64 * 1024;
const HASH_OCTETS = 32;

export class ChainCheck {
  readonly #findings: Findings;
  #sequence: number;
  #before: Uint8Array;
  /** The hash before the one in `#before`: what follows an inserted record was chained to it. */
  #beforeThat: Uint8Array | undefined;
  /** Records carry a number this much higher than the one they were chained with. */
  #shift = 0;
  #breaks = 0;
  readonly #misfits: Misfit[] = [];

  /** `sequence` and `hash` of the record before the first one that will come. */
  constructor(sequence: number, hash: Uint8Array, findings: Findings) {
    this.#sequence = sequence;
    this.#before = hash;
    this.#findings = findings;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Of the last record, as it stands in the table. */
  get hash(): Uint8Array {
    return this.#before;
  }

  /** Records that did not fit, and holes. */
  get breaks(): number {
    return this.#breaks;
  }

  /** In ascending order of sequence. Returns its leaf. */
  add(link: Link): Uint8Array {
    const { sequence, envelope, hash } = link;
    const isBehindHole = this.#skipTo(sequence);
    const leaf = envelope === undefined ? tombLeaf(link) : leafOf(sequence, envelope);
    const computed = nextHash(this.#before, leaf);
    const whole = hash.length === HASH_OCTETS;
    let after = whole ? hash : computed;
    // Behind a hole nothing can be said of this record: its hash must be taken as it is.
    const fits =
      whole && (isBehindHole || same(computed, hash) || this.#onlyHashChanged(leaf, hash));
    if (!fits) {
      this.#breaks += 1;
      const own = this.#swapped(link);
      if (own !== undefined) after = own;
      else if (!this.#isShifted(link)) this.#remember(link, computed);
    } else this.#shift = 0;
    this.#beforeThat = isBehindHole ? undefined : this.#before;
    this.#before = after;
    this.#sequence = sequence;
    return leaf;
  }

  end(): void {
    for (const misfit of this.#misfits.splice(0)) this.#tell(misfit);
  }

  #skipTo(sequence: number): boolean {
    const expected = this.#sequence + 1;
    if (sequence === expected) return false;
    this.#breaks += 1;
    const missing = sequence - expected;
    this.#findings.add(
      'removed',
      expected,
      'record',
      missing === 1
        ? `record ${expected} is missing, and no tombstone tells why`
        : `records ${expected} to ${sequence - 1} (${missing}) are missing, and no tombstone tells why`,
    );
    return true;
  }

  #remember({ sequence, envelope, hash }: Link, computed: Uint8Array): void {
    if (this.#misfits.length >= REMEMBERED) {
      const [first] = this.#misfits.splice(0, 1);
      if (first !== undefined) this.#tell(first);
    }
    this.#misfits.push({
      sequence,
      table: envelope === undefined ? 'tombstone' : 'record',
      before: this.#before,
      computed,
      stored: hash,
      envelope:
        envelope !== undefined && envelope.length <= REMEMBERED_OCTETS ? envelope : undefined,
    });
  }

  #tell({ sequence, table }: Misfit): void {
    const column = table === 'record' ? 'record.envelope' : 'tombstone.leaf';
    this.#findings.add('changed', sequence, column, 'it is not what was chained');
  }

  /** This record is chained to what the hash of the one before should be: then that hash alone was changed. */
  #onlyHashChanged(leaf: Uint8Array, hash: Uint8Array): boolean {
    const last = this.#misfits.at(-1);
    if (last?.sequence !== this.#sequence) return false;
    if (!same(nextHash(last.computed, leaf), hash)) return false;
    this.#misfits.pop();
    const text = 'its hash was changed';
    this.#findings.add('changed', last.sequence, `${last.table}.hash`, text);
    this.#before = last.computed;
    return true;
  }

  /**
   * Whole rows, or what is in them, changed places: each fits where the other one stands. Returns the hash that
   * belongs to this place.
   */
  #swapped({ sequence, envelope, hash }: Link): Uint8Array | undefined {
    if (envelope === undefined) return undefined;
    for (const [n, other] of this.#misfits.entries()) {
      if (other.table !== 'record' || other.envelope === undefined) continue;
      const there = nextHash(other.before, leafOf(other.sequence, envelope));
      const moved = same(there, hash);
      if (!moved && !same(there, other.stored)) continue;
      // What follows the other one was chained to what belongs there.
      const next = this.#misfits[n + 1];
      const isNextSound =
        next?.envelope !== undefined &&
        next.sequence === other.sequence + 1 &&
        same(nextHash(there, leafOf(next.sequence, next.envelope)), next.stored);
      this.#misfits.splice(n, isNextSound ? 2 : 1);
      this.#findings.add(
        'reordered',
        other.sequence,
        'record',
        `records ${other.sequence} and ${sequence} have changed places`,
      );
      return moved ? other.stored : hash;
    }
    return undefined;
  }

  /** Rows were numbered anew to hide that one was put in or taken out. */
  #isShifted({ sequence, envelope, hash }: Link): boolean {
    if (envelope === undefined) return false;
    for (const shift of new Set([this.#shift, -1, 1, -2, 2])) {
      if (shift === 0 || sequence + shift < 1) continue;
      const leaf = leafOf(sequence + shift, envelope);
      // Behind an inserted record: chained to the one before that.
      const inserted =
        this.#beforeThat !== undefined && same(nextHash(this.#beforeThat, leaf), hash);
      if (!inserted && !same(nextHash(this.#before, leaf), hash)) continue;
      if (this.#shift === shift) return true;
      this.#shift = shift;
      this.#tellShift(sequence, shift, inserted);
      return true;
    }
    return false;
  }

  #tellShift(sequence: number, shift: number, inserted: boolean): void {
    const last = this.#misfits.at(-1);
    const isFirst = last?.sequence === sequence - 1;
    if (isFirst) this.#misfits.pop();
    if (inserted) {
      const text = 'a record was put in here, and those after it were given other numbers';
      this.#findings.add('inserted', sequence - 1, 'record', text);
    } else {
      this.#findings.add(
        shift > 0 ? 'removed' : 'inserted',
        isFirst ? sequence - 1 : sequence,
        'record',
        `rows were ${shift > 0 ? 'taken out' : 'put in'} here, and those after it given other numbers: ${sequence} was chained as record ${sequence + shift}`,
      );
    }
  }
}

function tombLeaf({ leaf }: Link): Uint8Array {
  return leaf?.length === HASH_OCTETS ? leaf : new Uint8Array(HASH_OCTETS);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
