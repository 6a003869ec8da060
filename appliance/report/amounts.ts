/** Numbers, sizes and times as people read them. Times are UTC: a report must not depend on where it is read. */

/** `1 234 567`, with no-break spaces: it stays together and is no decimal sign anywhere. */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}

/** `1 message`, `2 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Decimal units, as on disks and links: `17.9 kB`. */
export function size(octets: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = octets;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** `0.31 s`, `2 min 05 s`, `3 h 12 min`, `4 d 3 h`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  return `${grouped(Math.floor(whole / 86_400))} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** `2026-11-23`; microseconds since 1970. */
export function day(microseconds: number): string {
  return iso(microseconds).slice(0, 10);
}

/** `09:31:44`; microseconds since 1970. */
export function clock(microseconds: number): string {
  const second = Math.floor(milliseconds(microseconds) / 1000) % 86_400;
  const two = (value: number) => (value < 10 ? `0${value}` : String(value));
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

/** `09:14:03–09:31:44`; over midnight `2026-11-23 09:14 – 11-24 09:31`. */
export function span(first: number, last: number): string {
  const [from, until] = [iso(first), iso(last)];
  if (from.slice(0, 19) === until.slice(0, 19)) return clock(first);
  if (day(first) === day(last)) return `${clock(first)}–${clock(last)}`;
  const minute = (text: string, at: number) => text.slice(at, 16).replace('T', ' ');
  const sameYear = from.slice(0, 5) === until.slice(0, 5);
  return `${minute(from, 0)} – ${minute(until, sameYear ? 5 : 0)}`;
}

function iso(microseconds: number): string {
  return new Date(milliseconds(microseconds)).toISOString();
}

/** Beyond the year 9999 a capture's clock is wrong anyway. */
function milliseconds(microseconds: number): number {
  return Math.min(Math.max(0, Math.floor(microseconds / 1000) || 0), 253_402_300_799_999);
}
