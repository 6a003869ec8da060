/** Odd input that the DCC parsers name. */
export const DccAnomaly = {
  /** The sender went on after the announced size. */
  BeyondSize: 'dcc-beyond-size',
  /** The receiver says more than acknowledgements can take. */
  Acknowledgements: 'dcc-acknowledgements',
  /** A chat line beyond what is kept: skipped to its LF. */
  LineSkipped: 'dcc-line-skipped',
} as const;
