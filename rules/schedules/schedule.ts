/**
 * Whether a moment lies within a schedule, in the schedule's own time zone.
 *
 * Local time is asked of the platform once a quarter of an hour and zone: every time zone in use
 * changes its offset on a quarter hour of UTC, so within one the local clock just runs on.
 */
import type { Schedule } from '../policy/policy.ts';

const QUARTER = 900_000_000; // microseconds
const KEPT = 512; // quarters remembered a zone
const WEEKDAYS: Readonly<Record<string, number>> = {
  Sun: 0,
  Mon: 1,
  Tue: 2,
  Wed: 3,
  Thu: 4,
  Fri: 5,
  Sat: 6,
};

/** Local clock at the beginning of a quarter. */
interface Local {
  readonly weekday: number;
  readonly minute: number;
  readonly date: string;
  readonly dateBefore: string;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, Local>();
  #quarter = Number.NaN;
  #local: Local = { weekday: 0, minute: 0, date: '', dateBefore: '' };

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  }

  at(quarter: number): Local {
    if (quarter === this.#quarter) return this.#local;
    let local = this.#known.get(quarter);
    if (local === undefined) {
      local = this.#ask(quarter);
      if (this.#known.size >= KEPT) this.#known.clear();
      this.#known.set(quarter, local);
    }
    this.#quarter = quarter;
    this.#local = local;
    return local;
  }

  #ask(quarter: number): Local {
    const part = new Map<string, string>();
    for (const { type, value } of this.#format.formatToParts((quarter * QUARTER) / 1000)) {
      part.set(type, value);
    }
    const [year, month, day] = ['year', 'month', 'day'].map((name) => Number(part.get(name)));
    const midnight = Date.UTC(year ?? 0, (month ?? 1) - 1, day);
    return {
      weekday: WEEKDAYS[part.get('weekday') ?? ''] ?? 0,
      minute: Number(part.get('hour')) * 60 + Number(part.get('minute')),
      date: new Date(midnight).toISOString().slice(0, 10),
      dateBefore: new Date(midnight - 86_400_000).toISOString().slice(0, 10),
    };
  }
}

const LATEST = 8.64e18; // microseconds: the last moment a Date can say
const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether `time` (microseconds since 1970) lies within the schedule. */
export function isWithin(schedule: Schedule, time: number): boolean {
  if (!(Math.abs(time) < LATEST)) return false;
  const quarter = Math.floor(time / QUARTER);
  const local = zoneOf(schedule.timezone).at(quarter);
  const minute = local.minute + (time - quarter * QUARTER) / 60e6;
  const { from, until, days, except } = schedule;
  const yesterday = (local.weekday + 6) % 7;
  const today = days.includes(local.weekday) && !except.includes(local.date);
  if (from < until) return today && minute >= from && minute < until;
  const night = days.includes(yesterday) && !except.includes(local.dateBefore);
  return (today && minute >= from) || (night && minute < until);
}
