/** Event time, microseconds since 1970, as RFC 3339 text in UTC and back. */

// Year 9999 in seconds: RFC 3339 §5.6 has four digits for the year.
const LAST_SECOND = 253_402_300_799;

// Events come in time order, many to the second.
let cachedSecond = 0;
let cachedText = '1970-01-01T00:00:00';

/** `2026-11-23T05:00:00.123456Z`. What is no time, or outside the years 1970–9999, is clamped. */
export function rfc3339(microseconds: number): string {
  let second = Math.floor(microseconds / 1e6);
  let micro = Math.floor(microseconds - second * 1e6);
  if (!(second >= 0)) {
    second = 0;
    micro = 0;
  } else if (second > LAST_SECOND) {
    second = LAST_SECOND;
    micro = 999_999;
  }
  if (second !== cachedSecond) {
    cachedText = new Date(second * 1000).toISOString().slice(0, 19);
    cachedSecond = second;
  }
  return `${cachedText}.${String(micro).padStart(6, '0')}Z`;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Microseconds since 1970 (finer digits are cut), or undefined when it is no RFC 3339 time. */
export function parseRfc3339(text: string): number | undefined {
  const parts = RFC_3339.exec(text);
  if (parts === null) return undefined;
  const [, date = '', clock = '', fraction = '', zone = 'Z'] = parts;
  const milliseconds = Date.parse(`${date}T${clock}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
