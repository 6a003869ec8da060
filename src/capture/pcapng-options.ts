/**
 * The options of a pcapng interface description that matter for time.
 *
 *     option    code(2) length(2) value(length) padding to 4
 *     9   if_tsresol   unit of the time stamps: 10^-n seconds, or 2^-n with the high bit set
 *     14  if_tsoffset  seconds to add, a signed 64-bit integer
 */
import { i32be, i32le, u16be, u16le } from '../bytes/read.ts';
import { PcapngClock } from './pcapng-clock.ts';

const END = 0;
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;
const MICROSECONDS = 6;

/** The clock that the options in buffer[start, end) describe; an option that does not fit ends them. */
export function clockOf(
  buffer: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): PcapngClock {
  const u16 = little ? u16le : u16be;
  const i32 = little ? i32le : i32be;
  let resolution = MICROSECONDS;
  let offset = 0;
  for (let at = start; end - at >= 4; ) {
    const code = u16(buffer, at);
    const length = u16(buffer, at + 2);
    const value = at + 4;
    if (code === END || length > end - value) break;
    if (code === TIME_RESOLUTION && length >= 1) resolution = buffer[value] ?? MICROSECONDS;
    if (code === TIME_OFFSET && length >= 8) {
      const high = i32(buffer, little ? value + 4 : value);
      const low = i32(buffer, little ? value : value + 4) >>> 0;
      offset = high * 2 ** 32 + low;
    }
    at = value + length + (-length & 3);
  }
  return new PcapngClock(resolution, offset);
}
