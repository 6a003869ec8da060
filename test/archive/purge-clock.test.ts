/** Purges by a clock that is wrong, in both databases: what is gone is gone, so they ask first. */
import { expect, it, vi } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { putMeta } from '../../appliance/archive/record/meta.ts';
import {
  keepArchiveClock,
  readArchiveClock,
  trustClock,
  wrongClock,
} from '../../appliance/archive/retention/archive-clock.ts';
import { DailyPurge } from '../../appliance/archive/retention/daily-purge.ts';
import { purgeArchive } from '../../appliance/archive/retention/purge-archive.ts';
import { RetentionRules } from '../../appliance/archive/retention/retention-rules.ts';
import { runHere } from '../cli/run-here.ts';
import { describeEachDatabase, type NewPlace } from '../support/archive-databases.ts';
import { messageLine } from '../support/archive-lines.ts';

const DAY = 86_400e6; // µs
/** A Thursday, at noon. */
const NOW = Date.UTC(2026, 10, 26, 12) * 1000;
const RULE = { service: undefined, group: undefined, tag: undefined, days: 90 };

async function opened(place: NewPlace, work: (archive: Archive) => Promise<void>): Promise<void> {
  const archive = await openArchive(await place(), { create: true });
  try {
    await work(archive);
  } finally {
    await archive.close();
  }
}

/** As a gateway that runs at `now`, by its clock: a message of that time, and what it says of itself. */
async function lives(archive: Archive, now: number, text = 'a message'): Promise<void> {
  const appender = new Appender(archive, { now: () => now });
  const drafts = new EventDrafts();
  await appender.append([drafts.read(messageLine({ time: now, text }))].flatMap((d) => d ?? []));
  const time = new Date(now / 1000).toISOString();
  const ledger = { what: 'tested', from: time, to: time, counts: {} };
  await appender.append([{ kind: 'ledger', ledger }]);
}

async function judged({ database }: Archive, now: number) {
  const wrong = wrongClock(await readArchiveClock(database), now);
  return wrong && [wrong.which, wrong.days];
}

async function left({ database }: Archive): Promise<number> {
  const [row] = await database.rows<{ n: number }>(
    "SELECT COUNT(*) AS n FROM record WHERE kind = 'event'",
  );
  return row?.n ?? -1;
}

function purgeAt(archive: Archive, now: number) {
  return purgeArchive(archive, { rules: new RetentionRules([RULE], now) });
}

describeEachDatabase('the clock of a purge', (_open, place, kind) => {
  it('is followed in steps, and not in leaps', () =>
    opened(place, async (archive) => {
      expect(await judged(archive, NOW)).toBeUndefined(); // nothing is recorded, nothing is lost
      for (let day = 0; day <= 24; day += 6) await lives(archive, NOW + day * DAY);
      const last = NOW + 24 * DAY;
      expect(await judged(archive, last + 7 * DAY)).toBeUndefined();
      expect(await judged(archive, last + 8 * DAY)).toEqual(['ahead', 8]);
      // A gateway that began with a wrong clock, ran for a day, and had it set right.
      const wrong = Date.UTC(2038, 0, 19, 3, 14) * 1000;
      for (let hour = 0; hour < 24; hour += 6) await lives(archive, wrong + (hour * DAY) / 24);
      expect(await judged(archive, wrong + DAY)).toEqual(['ahead', expect.any(Number)]);
      await lives(archive, last + DAY);
      expect(await judged(archive, last + 8 * DAY)).toBeUndefined();
      expect(await judged(archive, last + 9 * DAY)).toEqual(['ahead', 8]);
      expect(await judged(archive, NOW - 300 * DAY)).toEqual(['behind', 325]);
    }));

  it('goes on with each purge, without any record; and from where somebody said that it is right', () =>
    opened(place, async (archive) => {
      const { database } = archive;
      await lives(archive, NOW);
      const clock = await readArchiveClock(database);
      await keepArchiveClock(database, clock, NOW + 5 * DAY);
      expect(await judged(archive, NOW + 12 * DAY)).toBeUndefined();
      expect(await judged(archive, NOW + 13 * DAY)).toEqual(['ahead', 8]);
      await trustClock(database, await readArchiveClock(database), NOW + 300 * DAY);
      expect(await judged(archive, NOW + 307 * DAY)).toBeUndefined();
      expect(await judged(archive, NOW)).toEqual(['behind', 300]);
      // Said in error: it can be taken back.
      await trustClock(database, await readArchiveClock(database), NOW);
      expect(await judged(archive, NOW + DAY)).toBeUndefined();
      expect(await judged(archive, NOW + 300 * DAY)).toEqual(['ahead', 300]);
      // What stands there is hostile, too: the record tells.
      for (const text of [
        '',
        '{"sequence":-1}',
        '{"sequence":99999,"time":1,"setBack":[]}',
        '[[[',
      ]) {
        await database.transaction((within) => putMeta(within, 'clock', text));
        expect(await judged(archive, NOW + 7 * DAY)).toBeUndefined();
        expect(await judged(archive, NOW + 8 * DAY)).toEqual(['ahead', 8]);
      }
    }));

  it('of an archive that has events alone is that of the last one', () =>
    opened(place, async (archive) => {
      const draft = new EventDrafts().read(messageLine({ time: NOW - 4000 * DAY }));
      const appender = new Appender(archive, { now: () => NOW });
      await appender.append(draft === undefined ? [] : [draft]);
      expect(await judged(archive, NOW + 7 * DAY)).toBeUndefined();
      expect(await judged(archive, NOW + 8 * DAY)).toEqual(['ahead', 8]);
    }));

  it('that was behind makes no record older than it is', () =>
    opened(place, async (archive) => {
      await lives(archive, NOW - 200 * DAY, 'old');
      for (let day = 194; day > 0; day -= 6) await lives(archive, NOW - day * DAY, 'younger');
      const kept = 15;
      // An old capture is as old as it says: its record was not made in the past.
      const draft = new EventDrafts().read(messageLine({ time: Date.UTC(2009, 1, 1) * 1000 }));
      const capture = draft === undefined ? [] : [draft];
      await new Appender(archive, { now: () => NOW - DAY }).append(capture);
      // The battery is flat: an hour in the year 2000, until the clock is set.
      const wrong = Date.UTC(2000, 0, 1) * 1000;
      for (const minute of [0, 20, 40]) await lives(archive, wrong + minute * 60e6, 'lost in time');
      await lives(archive, NOW, 'right again');
      const before = await left(archive);
      expect(before).toBe(39);
      await new Appender(archive, { now: () => NOW }).append(capture);
      await purgeAt(archive, NOW);
      expect(await left(archive)).toBe(kept + 3 + 1);
      expect((await verifyArchive(archive)).listed).toEqual([]);
      // They go when they are as old as the record before them.
      await purgeAt(archive, NOW + 80 * DAY);
      expect(await left(archive)).toBe(2 + 4);
      await purgeAt(archive, NOW + 88.5 * DAY);
      expect(await left(archive)).toBe(1);
    }));

  it('that leaps under a gateway that runs: it purges nothing, says so, and goes on when the clock is right', () =>
    opened(place, async (archive) => {
      await lives(archive, NOW - 91 * DAY, 'due');
      for (let day = 86; day > 0; day -= 5) await lives(archive, NOW - day * DAY);
      await lives(archive, NOW);
      const all = await left(archive);
      const log: string[] = [];
      let now = NOW + 3 * DAY;
      const purge = new DailyPurge(
        (level, message, facts) => log.push(`${level} ${message} ${JSON.stringify(facts)}`),
        undefined,
        () => new Date(now / 1000),
      );
      const tick = async () => {
        purge.tick(archive, { retention: [RULE], purgeAt: 0 });
        await vi.waitFor(() => expect(purge.running).toBe(false), { timeout: 20_000 });
      };
      await tick();
      expect(await left(archive)).toBe(all - 1);
      expect(log.splice(0)).toEqual([expect.stringMatching(/^info the archive was purged/)]);

      now += 366 * DAY;
      await lives(archive, now, 'recorded by a wrong clock');
      await tick();
      expect(await left(archive)).toBe(all);
      expect(purge.waitsFor).toBe(
        'the clock of this machine says 2027-11-30, 366 days after the last time that the archive proves (2026-11-29): nothing is purged',
      );
      expect(log.splice(0)).toEqual([
        expect.stringMatching(/^error the archive cannot be purged .*366 days.*--trust-clock/),
      ]);
      now += DAY / 48;
      await tick(); // told once an hour
      expect(log).toEqual([]);
      // Set right: it is purged at once, and nothing waits.
      now = NOW + 4 * DAY;
      expect(purge.waitsFor).toBeUndefined();
      await lives(archive, now);
      await tick();
      expect(log.splice(0)).toEqual([expect.stringMatching(/^info the archive was purged/)]);
      expect(await left(archive)).toBe(all);

      // Nobody was here for half a year, and somebody says so: the next attempt goes on.
      now += 180 * DAY;
      await tick();
      expect(purge.waitsFor).toContain('180 days after');
      await trustClock(archive.database, await readArchiveClock(archive.database), now);
      now += DAY / 20;
      log.length = 0;
      await tick();
      expect(log).toEqual([expect.stringMatching(/^info the archive was purged/)]);
      expect(purge.waitsFor).toBeUndefined();
      expect(await left(archive)).toBe(1);
    }));

  if (kind === 'sqlite') {
    it('in the command: refused in a line, and done where it is said to be right', async () => {
      const target = await place();
      if (target.kind !== 'sqlite') return;
      const archive = await openArchive(target, { create: true });
      const now = Date.now() * 1000;
      await lives(archive, now - 400 * DAY);
      const purge = (...more: string[]) =>
        runHere(['archive', 'purge', '--archive', target.path, '--days', '90', ...more]);
      const refused = await purge();
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(
        /^sallyport: the clock of this machine says .*, 400 days after the last time that the archive proves \(.*\): nothing is purged\n {2}If it is wrong.*--trust-clock\.\n$/,
      );
      const dry = await purge('--dry-run');
      expect(dry.code).toBe(0);
      expect(dry.stderr).toContain('400 days after');
      expect(dry.stdout).toContain('1 record would go');
      // What was asked is recorded, at a time that proves nothing.
      expect((await purge()).code).toBe(1);
      expect(await left(archive)).toBe(1);
      expect((await purge('--trust-clock')).code).toBe(0);
      expect(await left(archive)).toBe(0);
      const again = await purge();
      expect(again).toMatchObject({ code: 0, stderr: '' });
      const audits = await archive.database.rows<{ envelope: Uint8Array }>(
        "SELECT envelope FROM record WHERE kind = 'audit' ORDER BY sequence",
      );
      const said = audits.map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).audit);
      expect(said.map(({ details }) => details.trustClock)).toContain(true);
      // Behind: told, and nothing goes that the archive proves to be young.
      await lives(archive, now + 6 * DAY);
      await lives(archive, now + 12 * DAY);
      expect((await purge()).stderr).toContain('days before the last time that the archive proves');
      await archive.close();
    });
  }
});
