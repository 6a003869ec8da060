/** Months of `record`'s partitions: 202611 for November 2026; 0 where a time is none that we make one for. */

/** Instant messaging began, and what a wrong clock or a hostile capture may say. */
const FIRST = 1990;
const LAST = 2099;

/** Partition of all that has no month of its own. */
export const NO_MONTH = 0;

/** Of microseconds since 1970. */
export function monthOf(time: number): number {
  const date = new Date(Math.floor(time / 1000));
  const year = date.getUTCFullYear();
  if (!(year >= FIRST && year <= LAST)) return NO_MONTH;
  return year * 100 + date.getUTCMonth() + 1;
}

/** Microseconds since 1970: from <= time < to. */
export function bounds(month: number): { readonly from: number; readonly to: number } {
  const year = Math.floor(month / 100);
  const index = (month % 100) - 1;
  return { from: Date.UTC(year, index) * 1000, to: Date.UTC(year, index + 1) * 1000 };
}

export function partitionName(month: number): string {
  if (month === NO_MONTH) return 'record_elsewhere';
  return `record_${Math.floor(month / 100)}_${String(month % 100).padStart(2, '0')}`;
}
