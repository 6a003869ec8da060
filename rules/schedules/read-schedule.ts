/** A schedule as files declare it. */
import type { Schedule } from '../policy/policy.ts';
import { DAYS, type RuleFile } from '../schema.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { parseTimeOfDay } from '../source/quantity.ts';
import { suggest } from '../source/suggest.ts';
import type { YamlSource } from '../source/yaml-source.ts';
import { isTimeZone } from './schedule.ts';

type ScheduleShape = NonNullable<RuleFile['schedules']>[string];

export function readSchedule(
  name: string,
  shape: ScheduleShape,
  source: YamlSource,
  found: Diagnostics,
  whole = true,
): Schedule {
  const path = ['schedules', name];
  if (!isTimeZone(shape.timezone)) {
    const hint = suggest(shape.timezone, Intl.supportedValuesOf('timeZone'));
    const place = source.place([...path, 'timezone']);
    found.error(
      place,
      `no time zone is called '${shape.timezone}'`,
      hint ?? 'Europe/Paris, UTC, …',
    );
  }
  const from = time(shape.from ?? '00:00', 'from');
  const until = time(shape.until ?? '24:00', 'until');
  if (whole && from === until) {
    const place = source.place([...path, shape.until === undefined ? 'from' : 'until']);
    found.error(place, `schedule '${name}' begins and ends at the same time`);
  }
  for (const [i, date] of (shape.except ?? []).entries()) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))) continue;
    found.error(
      source.place([...path, 'except', i]),
      `'${date}' is not a date`,
      'write 2026-12-25',
    );
  }
  const days = (shape.days ?? DAYS).map((day) => DAYS.indexOf(day));
  const { timezone, except = [] } = shape;
  return { name, place: source.keyPlace(path), timezone, days, from, until, except };

  function time(text: string, key: string): number {
    const minutes = parseTimeOfDay(text);
    if (minutes === undefined) {
      found.error(source.place([...path, key]), `'${text}' is not a time of day`, "write '08:30'");
    }
    return minutes ?? 0;
  }
}
