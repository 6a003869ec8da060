/** How a search goes about it. What it finds does not depend on these; tests have smaller ones. */
export interface SearchSizes {
  /** Records that a part of the query is looked up to; what holds for more is common. */
  readonly common: number;
  /** Records so few that their contents are read rather than the search index. */
  readonly few: number;
  /** Records of the first stretch, how much longer each is than the one before, and the longest. */
  readonly stretch: number;
  readonly growth: number;
  readonly longest: number;
  /** One record of a stretch in so many: the search index is asked for these alone. */
  readonly sparse: number;
  /** One record of a stretch in so many: their words are looked up one by one, and not all words are read. */
  readonly each: number;
  /** Rows read at once, of those proposed: the first time, and at most. */
  readonly rows: number;
  readonly mostRows: number;
}

export const SEARCH_SIZES: SearchSizes = {
  common: 4000,
  few: 256,
  stretch: 4096,
  growth: 4,
  longest: 262_144,
  sparse: 32,
  each: 4,
  rows: 128,
  mostRows: 2048,
};
