/** Sizes and durations as administrators write them. */
const OCTETS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86400,
  w: 604800,
};

function unitOf(units: Readonly<Record<string, number>>, name = '?'): number | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(units, key) ? units[key] : undefined;
}

/** `10MB` (10^6 octets), `10MiB` (2^20), `512`; undefined when it is none. */
export function parseNumber(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const parts = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(text.trim());
  const unit = unitOf(OCTETS, parts?.[2]);
  return parts === null || unit === undefined ? undefined : Number(parts[1]) * unit;
}

/** `30s`, `10m`, `2h`, `1d`, `1w` in seconds; undefined when it is none, or zero. */
export function parseDuration(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim().toLowerCase());
  const unit = unitOf(SECONDS, parts?.[2]);
  const seconds = parts === null || unit === undefined ? 0 : Number(parts[1]) * unit;
  return seconds > 0 ? seconds : undefined;
}

/** `08:30` in minutes after midnight, `24:00` included; undefined when it is none. */
export function parseTimeOfDay(text: string): number | undefined {
  const parts = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (parts === null) return undefined;
  const minutes = Number(parts[1]) * 60 + Number(parts[2]);
  return Number(parts[2]) < 60 && minutes <= 1440 ? minutes : undefined;
}
