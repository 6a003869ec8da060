/** Relative prices of tests: the cheap ones are asked first. */
export const Cost = {
  Compare: 1,
  Lookup: 2,
  State: 4,
  Words: 20,
  Scan: 30,
  Expression: 100,
  Unfiltered: 1000, // a regular expression without a literal to look for first
} as const;
