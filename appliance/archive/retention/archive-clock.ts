/**
 * What time it was at least, by the archive itself. Records that are no events (checkpoints, the ledger, audit
 * records) have the time at which they were recorded; it goes on in steps, since a gateway that runs leaves one every
 * few minutes, and each purge one. Where it leaps, either nobody recorded anything for long, or the clock of the
 * machine was wrong: the archive cannot tell, so it is not followed until somebody says that the clock is right.
 *
 *     10:00  10:10  10:20  2038-01-19 03:14  10:30      the fourth is passed over
 *     10:00  10:10  1970-01-01 00:00  10:20             the third was recorded at 10:10 or later
 */
import { z } from 'zod';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { readHead } from '../record/head.ts';
import { putMeta, readMeta } from '../record/meta.ts';

const DAY = 86_400e6; // µs
/**
 * Days that a clock may be ahead, or behind. A gateway may be off over a long weekend without anybody being asked,
 * and a month or year that was typed wrong is more. A wrong clock within it deletes that much too early.
 */
export const MOST_DAYS = 7;
const BOUND = MOST_DAYS * DAY;
/** In `meta`: how far the record was walked, and what it says. */
const NAME = 'clock';
/** Times that a clock was set back: then they run together. */
const MOST_SET_BACK = 100;

const stored = z.object({
  /** All records up to here were looked at. */
  sequence: z.number().int().nonnegative(),
  /** Microseconds since 1970; undefined: nothing was recorded. */
  time: z.number().int().optional(),
  setBack: z
    .array(
      z.object({
        /** Records after this one, and up to that one; undefined: it is behind still. */
        after: z.number().int(),
        upTo: z.number().int().optional(),
        /** It was this late, or later. */
        time: z.number().int(),
      }),
    )
    .max(MOST_SET_BACK),
});
export type ArchiveClock = z.infer<typeof stored>;
type SetBack = ArchiveClock['setBack'][number];

export interface WrongClock {
  readonly which: 'ahead' | 'behind';
  readonly days: number;
  /** Microseconds since 1970: of the archive. */
  readonly proven: number;
  readonly now: number;
}

/** What the archive says of the time. Nothing is written. */
export async function readArchiveClock(database: ArchiveDatabase): Promise<ArchiveClock> {
  const clock = parse(await readMeta(database, NAME));
  const head = (await readHead(database)).sequence;
  const known = clock !== undefined && clock.sequence <= head ? clock : undefined;
  const walk = known ?? { sequence: 0, setBack: [] };
  const rows = database.each<{ sequence: number; time: number }>(
    `SELECT record.sequence AS sequence, record.time AS time FROM record
     WHERE record.kind <> 'event' AND record.sequence > ? ORDER BY record.sequence`,
    walk.sequence,
  );
  for await (const row of rows) follow(walk, row);
  walk.time ??= await newestAt(database);
  return walk;
}

/** `now`: microseconds since 1970. undefined: it may be right. */
export function wrongClock(
  { time }: Pick<ArchiveClock, 'time'>,
  now: number,
): WrongClock | undefined {
  if (time === undefined || Math.abs(now - time) <= BOUND) return undefined;
  const which = now > time ? 'ahead' : 'behind';
  return { which, days: Math.floor(Math.abs(now - time) / DAY), proven: time, now };
}

/** After `wrongClock` had nothing to say. */
export function keepArchiveClock(
  database: ArchiveDatabase,
  clock: ArchiveClock,
  now: number,
): Promise<void> {
  return put(database, { ...clock, time: Math.max(clock.time ?? now, now) });
}

/** Somebody says that it is `now`, whatever the record says. */
export async function trustClock(
  database: ArchiveDatabase,
  clock: ArchiveClock,
  now: number,
): Promise<void> {
  const { sequence } = await readHead(database);
  const setBack = clock.setBack.filter(({ time }) => time <= now + BOUND);
  await put(database, { sequence, time: now, setBack });
}

/**
 * The time that a record's age counts from: that of its event, but where its clock was behind, the time that the
 * record before it proves.
 */
export function agedFrom(
  { setBack }: ArchiveClock,
  { sequence, time, envelope }: { sequence: number; time: number; envelope: Uint8Array },
): number {
  const of = setBack.find(({ after, upTo = Infinity }) => sequence > after && sequence <= upTo);
  if (of === undefined) return time;
  const at = Date.parse(decodeEnvelope(envelope).at) * 1000;
  return at < of.time - BOUND ? Math.max(time, of.time) : time;
}

export const AHEAD_ADVICE =
  'If it is wrong, set it. If it is right, since nothing was recorded for so long, say so once: sallyport archive purge --trust-clock.';

/** What is said of it where nothing is purged. */
export function aheadError(clock: WrongClock): ArchiveError {
  return new ArchiveError(`${wrongClockText(clock)}: nothing is purged`, AHEAD_ADVICE);
}

export function wrongClockText({ which, days, proven, now }: WrongClock): string {
  const where = which === 'ahead' ? 'after' : 'before';
  return `the clock of this machine says ${dayOf(now)}, ${days} days ${where} the last time that the archive proves (${dayOf(proven)})`;
}

function follow(clock: ArchiveClock, { sequence, time }: { sequence: number; time: number }): void {
  const { time: proven = time, sequence: before } = clock;
  const last = clock.setBack.at(-1);
  const isOpen = last !== undefined && last.upTo === undefined;
  clock.sequence = sequence;
  if (time > proven + BOUND) return;
  clock.time = Math.max(proven, time);
  if (time >= proven - BOUND) {
    if (isOpen) last.upTo = sequence;
  } else if (!isOpen) open(clock.setBack, { after: before, time: proven });
}

function open(setBack: SetBack[], span: SetBack): void {
  const last = setBack.at(-1);
  if (setBack.length < MOST_SET_BACK || last === undefined) setBack.push(span);
  else Object.assign(last, { time: span.time, upTo: undefined });
}

/** Of an archive that has events alone. */
async function newestAt(database: ArchiveDatabase): Promise<number | undefined> {
  const [row] = await database.rows<{ envelope: Uint8Array }>(
    'SELECT envelope FROM record ORDER BY sequence DESC LIMIT 1',
  );
  const at = row === undefined ? Number.NaN : Date.parse(decodeEnvelope(row.envelope).at);
  return Number.isNaN(at) ? undefined : at * 1000;
}

async function put(database: ArchiveDatabase, clock: ArchiveClock): Promise<void> {
  const text = JSON.stringify(clock);
  await database.transaction((within) => putMeta(within, NAME, text));
}

function parse(text: string | undefined): ArchiveClock | undefined {
  try {
    return stored.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined; // none yet, or damaged: the record tells
  }
}

function dayOf(time: number): string {
  const date = new Date(time / 1000);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 10);
}
