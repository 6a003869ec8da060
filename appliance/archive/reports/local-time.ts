/** Day and hour in a time zone. Times come in order, and offsets change on the quarter of an hour: one look each. */
import { UserError } from '../../cli/user-error.ts';

const QUARTER = 900e6; // microseconds

export interface LocalTime {
  /** `2026-11-23` */
  readonly day: string;
  /** 0 to 23. */
  readonly hour: number;
}

export class LocalClock {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  #quarter = Number.NaN;
  #last: LocalTime = { day: '', hour: 0 };

  /** `zone`: a name of the IANA list; undefined: the machine's. Throws UserError. */
  constructor(zone?: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-CA', {
        ...(zone === undefined ? {} : { timeZone: zone }),
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
    } catch {
      throw new UserError(
        `--time-zone ${zone}: no such time zone`,
        'Name one of the IANA list: Europe/Berlin, America/New_York, UTC.',
      );
    }
    this.zone = this.#format.resolvedOptions().timeZone;
  }

  /** @param time microseconds since 1970 */
  at(time: number): LocalTime {
    const quarter = Math.floor(time / QUARTER);
    if (quarter !== this.#quarter) {
      const { date, hour } = this.#parts(quarter * QUARTER);
      this.#quarter = quarter;
      this.#last = { day: date, hour };
    }
    return this.#last;
  }

  /** `2026-11-23 09:15` */
  minute(time: number): string {
    const { date, hour, minute } = this.#parts(time);
    return `${date} ${String(hour).padStart(2, '0')}:${minute}`;
  }

  #parts(time: number): { date: string; hour: number; minute: string } {
    const found: Record<string, string> = {};
    const milliseconds = Math.min(Math.max(0, Math.floor(time / 1000)), 253_402_300_799_999);
    for (const { type, value } of this.#format.formatToParts(milliseconds)) found[type] = value;
    const { year = '', month = '', day = '', hour = '0', minute = '00' } = found;
    return { date: `${year}-${month}-${day}`, hour: Number(hour) % 24, minute };
  }
}
