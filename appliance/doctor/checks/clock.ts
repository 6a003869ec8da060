/** Is the clock right? Events are evidence: their time must be that of the other logs. */
import { failure, libc } from '../../../src/capture/native/libc.ts';
import { type Check, type Finding, ok, warn } from '../finding.ts';

/** struct timex of linux/timex.h on 64 bits, and room to spare. */
const TIMEX_OCTETS = 256;
const TIME_ERROR = 5;
/** struct timex: modes(4) pad(4) offset(8) freq(8) maxerror(8), microseconds. */
const MAX_ERROR_AT = 24;
/** Microseconds. */
const TOLERABLE = 1_000_000;

export const CLOCK_CHECK: Check = {
  area: 'Clock',
  run: () => (process.platform === 'linux' ? [clock()] : []),
};

function clock(): Finding {
  const timex = new Uint8Array(TIMEX_OCTETS); // modes 0: only read
  const state = libc().adjtimex(timex);
  if (state < 0) return warn(`the clock cannot be asked: ${failure()}`);
  const error = Number(new DataView(timex.buffer).getBigInt64(MAX_ERROR_AT, true));
  return judged(state, error);
}

/** `state`: what adjtimex(2) returned; `error`: microseconds. */
export function judged(state: number, error: number): Finding {
  if (state === TIME_ERROR) {
    return warn('the clock is not synchronised', 'timedatectl set-ntp true (or install chrony)');
  }
  if (error > TOLERABLE) {
    return warn(`the clock may be wrong by ${(error / 1e6).toFixed(1)} s`, 'chronyc sources -v');
  }
  return ok(`the clock is synchronised, within ${(error / 1000).toFixed(0)} ms`);
}
