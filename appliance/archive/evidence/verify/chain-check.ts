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

/** A record that does not fit, until the one after it tells whether its hash or its octets were changed. */
interface Suspect {
  readonly sequence: number;
  readonly computed: Uint8Array;
  readonly stored: Uint8Array;
  readonly table: string;
}

/** A record that does not fit, kept to see whether another one belongs in its place. */
interface Displaced {
  readonly sequence: number;
  readonly before: Uint8Array;
  readonly stored: Uint8Array;
  readonly envelope: Uint8Array;
}

/** Displaced records remembered, and octets of theirs. */
const DISPLACED = 32;
const DISPLACED_OCTETS = 64 * 1024;
const HASH_OCTETS = 32;

export class ChainCheck {
  readonly #findings: Findings;
  #sequence: number;
  #before: Uint8Array;
  /** The hash before the one in `#before`: what follows an inserted record was chained to it. */
  #beforeThat: Uint8Array | undefined;
  /** The hash before is not known: records before this one are missing. */
  #gap = false;
  /** Records carry a number this much higher than the one they were chained with. */
  #shift = 0;
  #suspect: Suspect | undefined;
  readonly #displaced: Displaced[] = [];

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

  /** In ascending order of sequence. Returns its leaf, and whether it fits what was before it. */
  add(link: Link): { readonly leaf: Uint8Array; readonly fits: boolean } {
    this.#skipTo(link.sequence);
    const leaf =
      link.envelope === undefined ? tombLeaf(link) : leafOf(link.sequence, link.envelope);
    const computed = nextHash(this.#before, leaf);
    const whole = link.hash.length === HASH_OCTETS;
    // Behind a hole nothing can be said of this record: its hash must be taken as it is.
    const fits = whole && (this.#gap || same(computed, link.hash));
    this.#judgeSuspect(link, leaf);
    if (!fits && !this.#isShifted(link)) this.#suspectOf(link, computed);
    if (fits) this.#shift = 0;
    this.#beforeThat = this.#gap ? undefined : this.#before;
    this.#before = whole ? link.hash : computed;
    this.#gap = false;
    this.#sequence = link.sequence;
    return { leaf, fits };
  }

  end(): void {
    this.#tellSuspect('octets');
  }

  #skipTo(sequence: number): void {
    const expected = this.#sequence + 1;
    if (sequence === expected) return;
    this.#tellSuspect('octets');
    const missing = sequence - expected;
    this.#findings.add(
      'removed',
      expected,
      'record',
      missing === 1
        ? `record ${expected} is missing, and no tombstone tells why`
        : `records ${expected} to ${sequence - 1} (${missing}) are missing, and no tombstone tells why`,
    );
    this.#gap = true;
  }

  #suspectOf({ sequence, envelope, hash }: Link, computed: Uint8Array): void {
    const table = envelope === undefined ? 'tombstone' : 'record';
    if (envelope !== undefined && this.#isSwapped(sequence, envelope, hash)) return;
    this.#suspect = { sequence, computed, stored: hash, table };
  }

  /** The record after it was chained to what its hash should be: then only its hash was changed. */
  #judgeSuspect({ hash }: Link, leaf: Uint8Array): void {
    if (this.#suspect === undefined) return;
    this.#tellSuspect(same(nextHash(this.#suspect.computed, leaf), hash) ? 'hash' : 'octets');
  }

  #tellSuspect(what: 'hash' | 'octets'): void {
    if (this.#suspect === undefined) return;
    const { sequence, table, computed } = this.#suspect;
    this.#suspect = undefined;
    if (what === 'hash') {
      // The record itself is as it was: what follows it is chained to it.
      this.#findings.add('changed', sequence, `${table}.hash`, 'its hash was changed');
      this.#beforeThat = computed;
    } else {
      const column = table === 'record' ? 'record.envelope' : 'tombstone.leaf';
      this.#findings.add('changed', sequence, column, 'it is not what was chained');
    }
  }

  /** Whole rows, or what is in them, changed places: each fits where the other one stands. */
  #isSwapped(sequence: number, envelope: Uint8Array, hash: Uint8Array): boolean {
    for (const other of this.#displaced) {
      const here = nextHash(other.before, leafOf(other.sequence, envelope));
      if (!same(here, other.stored) && !same(here, hash)) continue;
      this.#findings.add(
        'reordered',
        other.sequence,
        'record',
        `records ${other.sequence} and ${sequence} have changed places`,
      );
      return true;
    }
    if (this.#displaced.length < DISPLACED && envelope.length <= DISPLACED_OCTETS && !this.#gap) {
      this.#displaced.push({
        sequence,
        before: Uint8Array.from(this.#before),
        stored: Uint8Array.from(hash),
        envelope: Uint8Array.from(envelope),
      });
    }
    return false;
  }

  /** Rows were numbered anew to hide that one was put in or taken out. */
  #isShifted({ sequence, envelope, hash }: Link): boolean {
    if (envelope === undefined) return false;
    for (const shift of [-1, 1, -2, 2, this.#shift]) {
      if (shift === 0 || sequence + shift < 1) continue;
      const leaf = leafOf(sequence + shift, envelope);
      // Behind an inserted record: chained to the one before that.
      const inserted =
        this.#beforeThat !== undefined && same(nextHash(this.#beforeThat, leaf), hash);
      if (!inserted && !same(nextHash(this.#before, leaf), hash)) continue;
      if (this.#shift === shift) return true;
      this.#shift = shift;
      this.#suspect = undefined;
      if (inserted) {
        this.#findings.add(
          'inserted',
          sequence - 1,
          'record',
          `a record was put in here, and those after it were given other numbers`,
        );
      } else {
        this.#findings.add(
          shift > 0 ? 'removed' : 'inserted',
          sequence,
          'record.sequence',
          `it was chained as record ${sequence + shift}: rows were ${shift > 0 ? 'taken out' : 'put in'} before it, and numbered anew`,
        );
      }
      return true;
    }
    return false;
  }
}

function tombLeaf({ leaf }: Link): Uint8Array {
  return leaf?.length === HASH_OCTETS ? leaf : new Uint8Array(HASH_OCTETS);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
