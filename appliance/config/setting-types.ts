/** What settings of `sallyport.yaml` are written as. */
import { z } from 'zod';

const SIZE = /^\d+(\.\d+)?\s*([kKmMgGtT]i?)?[bB]?$/;
const DURATION = /^\d+(\.\d+)?\s*(ms|s|m|min|h)$/;
const SIZE_ERROR = 'expected a size such as 64MiB (2^20 octets), 14kB (10^3) or 4096';
export const DURATION_ERROR = 'expected a duration such as 200ms or 1s';

export const size = z.union([z.int().min(0), z.string().regex(SIZE, { error: SIZE_ERROR })], {
  error: SIZE_ERROR,
});
export const duration = z
  .string({ error: DURATION_ERROR })
  .regex(DURATION, { error: DURATION_ERROR });
export const path = z.string({ error: 'expected a path' }).min(1);
export const flag = z.boolean({ error: 'expected true or false' });

export function count(least: number, most: number) {
  return z.int({ error: 'expected a whole number' }).min(least).max(most);
}

/** `preset` is what holds where the file says nothing, as one would write it. */
export function note(description: string, preset?: unknown) {
  return preset === undefined ? { description } : { description, default: preset };
}
