/** Which records a report is about: a condition on `record`, as search makes it of a query. */
import type { SqlValue } from '../contract.ts';

export interface Selection {
  /** On the columns of `record`, with its name before them. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
}
