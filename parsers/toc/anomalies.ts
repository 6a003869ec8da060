/** Odd input that the TOC parser names: counted, shown and matched by rules under these names. */
export const TocAnomaly = {
  /** Octets where a frame had to begin. */
  Lost: 'toc-framing-lost',
  /** A frame beyond what servers and clients allow. */
  FrameTooLong: 'toc-frame-too-long',
  /** A NUL inside a command: some servers read on behind it, others do not. It is left out. */
  Nul: 'toc-nul',
  /** A quoted word without its end. */
  OpenQuote: 'toc-open-quote',
  /** A command without the fields it must have. */
  Malformed: 'toc-malformed',
  /** More entries or words than are read. */
  TooMany: 'toc-too-many',
  /** A table is full: the oldest entry was forgotten. */
  TableFull: 'toc-table-full',
} as const;
export type TocAnomaly = (typeof TocAnomaly)[keyof typeof TocAnomaly];
