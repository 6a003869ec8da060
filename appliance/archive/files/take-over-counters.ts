/** What became of the files that a writer took over, or was to. */

/** Plain numbers: they are summed over the lives of a writer. */
export interface TakeOverCounters {
  /** New contents, and their octets; and content that was there already. */
  kept: number;
  octets: number;
  repeated: number;
  /** Asked for, and not kept. */
  tooLarge: number;
  noRoom: number;
  unfinished: number;
  /** The disk, or too many at a time. */
  behind: number;
  damaged: number;
  /** The record of their event did not come, as policy keeps nothing of it; or its person was erased. */
  orphaned: number;
  /** Their note, or what lay in their place, could not be read. */
  setAside: number;
  /** Sealed, and their key could not be had: they wait on. */
  keyless: number;
}

export const NOTHING_TAKEN: Readonly<TakeOverCounters> = {
  kept: 0,
  octets: 0,
  repeated: 0,
  tooLarge: 0,
  noRoom: 0,
  unfinished: 0,
  behind: 0,
  damaged: 0,
  orphaned: 0,
  setAside: 0,
  keyless: 0,
};

/** Of a state in which nothing is kept, its counter. */
export const COUNTED_AS = {
  'too-large': 'tooLarge',
  'no-room': 'noRoom',
  'too-many': 'behind',
  behind: 'behind',
  unfinished: 'unfinished',
  damaged: 'damaged',
} as const;
