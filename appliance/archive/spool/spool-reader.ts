/**
 * Reads entries in order, across segments. What is damaged is passed over up to the next entry that is whole:
 * since entries are numbered, what is missing is known, but for an end that was torn off when a process
 * before us died.
 */
import { ENTRY_HEADER, LONGEST_STORED, readEntry, type SpoolEntry } from './spool-entry.ts';
import type { SpoolPosition } from './spool-position.ts';
import type { SpoolSegment } from './spool-segment.ts';

/** Octets read at once. */
const CHUNK = 2 ** 20;
const WIDE = ENTRY_HEADER + LONGEST_STORED;

export interface SpoolRead {
  /** Of one generation. */
  readonly entries: readonly SpoolEntry[];
  /** After them; undefined: nothing was ever read. */
  readonly position: SpoolPosition | undefined;
  /** Entries known to be missing before or between them. */
  readonly missing: number;
  /** Octets that are no entries: the end of what was being written when a process died, or damage. */
  readonly torn: number;
}

export class SpoolReader {
  /** In order; the first is the one being read. */
  readonly #segments: SpoolSegment[];
  /** Is there more to come in this one? */
  readonly #isGrowing: (segment: SpoolSegment) => boolean;
  /** 0: before its first entry. */
  #at = 0;
  #position: SpoolPosition | undefined;
  /** What the database has already; passed over in silence. */
  #taken: SpoolPosition | undefined;
  /** An entry that the database has not was read. */
  #isPast = false;
  #missing = 0;
  #torn = 0;

  /** `segments` is the spool's own list: what was read through is taken from it by `pass`. */
  constructor(segments: SpoolSegment[], isGrowing: (segment: SpoolSegment) => boolean) {
    this.#segments = segments;
    this.#isGrowing = isGrowing;
  }

  /** Everything up to there was taken. */
  skipTo(taken: SpoolPosition): void {
    this.#taken = taken;
  }

  /** Nothing is left to be read now. */
  get isAtEnd(): boolean {
    const [segment] = this.#segments;
    return (
      segment === undefined ||
      (this.#isGrowing(segment) && Math.max(this.#at, segment.start) >= segment.size)
    );
  }

  /** The segment in hand has been read through, and is the spool's no more. */
  pass(): void {
    this.#segments.shift();
    this.#at = 0;
  }

  /**
   * At most so many entries, about so many octets. `passed` is told of each segment that was read through,
   * and where that was. Throws ArchiveError where the next one is sealed and was not unlocked.
   */
  read(
    mostEntries: number,
    mostOctets: number,
    passed: (segment: SpoolSegment, last: SpoolPosition | undefined) => void,
  ): SpoolRead {
    const entries: SpoolEntry[] = [];
    let octets = 0;
    let [segment] = this.#segments;
    while (segment !== undefined && entries.length < mostEntries && octets < mostOctets) {
      this.#at = Math.max(this.#at, segment.start);
      if (this.#at >= segment.size) {
        if (this.#isGrowing(segment)) break;
        const { generation } = segment;
        passed(segment, this.#position);
        this.pass();
        [segment] = this.#segments;
        if (segment?.generation !== generation && entries.length > 0) break;
        continue;
      }
      octets += this.#chunk(segment, entries, mostEntries, mostOctets - octets);
    }
    const result = {
      entries,
      position: this.#position,
      missing: this.#missing,
      torn: this.#torn,
    };
    this.#missing = 0;
    this.#torn = 0;
    return result;
  }

  /** Reads on in `segment`; returns octets of entries. */
  #chunk(
    segment: SpoolSegment,
    entries: SpoolEntry[],
    mostEntries: number,
    mostOctets: number,
  ): number {
    const { seal } = segment;
    let octets = segment.read(this.#at, CHUNK);
    // A file that was cut short behind our back has no more to give.
    if (octets.length === 0) this.#at = segment.size;
    let used = 0;
    let taken = 0;
    while (used < octets.length && entries.length < mostEntries && taken < mostOctets) {
      const entry = readEntry(octets, used, seal);
      if (typeof entry === 'object' && entry.number >= this.#least(segment)) {
        used += entry.size;
        if (!this.#take(segment, entry)) continue;
        entries.push(entry);
        taken += entry.size;
        continue;
      }
      const isEnd = this.#at + octets.length >= segment.size;
      if (entry === 'more' && !isEnd && used > 0) break; // whole in the next chunk
      if (entry === 'more' && !isEnd && octets.length < WIDE) {
        octets = segment.read(this.#at, WIDE);
        continue;
      }
      if (!isEnd) {
        this.#at += used;
        octets = segment.read(this.#at, segment.size);
        used = 0;
      }
      const next = this.#resume(segment, octets, used + 1);
      this.#torn += next - used;
      used = next;
    }
    this.#at += used;
    return taken;
  }

  /** Where the next whole entry begins, or the end of `octets`, which is that of the segment. */
  #resume(segment: SpoolSegment, octets: Buffer, from: number): number {
    const least = this.#least(segment);
    const { seal } = segment;
    for (let at = from; at < octets.length; at++) {
      const entry = readEntry(octets, at, seal);
      if (typeof entry === 'object' && entry.number >= least) return at;
    }
    return octets.length;
  }

  /** A smaller number in this segment is a fault of the file. */
  #least({ generation, first }: SpoolSegment): number {
    const before = this.#position;
    return before?.generation === generation ? before.number + 1 : first;
  }

  /** False: the database has it. */
  #take(segment: SpoolSegment, { number }: SpoolEntry): boolean {
    const { generation } = segment;
    const taken = this.#taken;
    let expected = this.#least(segment);
    this.#position = { generation, number };
    if (taken !== undefined && generation < taken.generation) return false;
    if (taken?.generation === generation) {
      if (number <= taken.number) return false;
      // What went missing after it was taken is not missing; what should follow it is.
      expected = this.#isPast ? Math.max(expected, taken.number + 1) : taken.number + 1;
    }
    this.#isPast = true;
    this.#missing += number - expected;
    return true;
  }
}
