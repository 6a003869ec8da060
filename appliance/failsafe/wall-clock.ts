/** Microseconds since 1970, by the clock that stamps packets; Date has only milliseconds. */
import { libc } from '../../src/capture/native/libc.ts';

const CLOCK_REALTIME = 0;
/** struct timespec: seconds, nanoseconds. */
const now = new BigUint64Array(2);

export function wallMicroseconds(): number {
  libc().clock_gettime(CLOCK_REALTIME, now);
  return Number(now[0]) * 1e6 + Math.floor(Number(now[1]) / 1e3);
}
