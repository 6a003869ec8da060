/** Purges and holds, in both databases: what goes, what stays, and that the record is proven all the same. */
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { makeHold, readHolds, releaseHold } from '../../appliance/archive/retention/holds.ts';
import { purgeArchive } from '../../appliance/archive/retention/purge-archive.ts';
import {
  type RetentionRule,
  RetentionRules,
} from '../../appliance/archive/retention/retention-rules.ts';
import { describeEachDatabase, type NewPlace } from '../support/archive-databases.ts';
import { type LineFacts, messageLine } from '../support/archive-lines.ts';

const DAY = 86_400e6;
const NOW = Date.UTC(2026, 10, 26) * 1000;

const rule = (days: number, of: Partial<RetentionRule> = {}): RetentionRule => ({
  service: undefined,
  group: undefined,
  tag: undefined,
  days,
  ...of,
});

async function made(place: NewPlace, facts: readonly LineFacts[]): Promise<Archive> {
  const archive = await openArchive(await place(), { create: true });
  await append(archive, facts);
  return archive;
}

async function append(archive: Archive, facts: readonly LineFacts[]): Promise<void> {
  const drafts = new EventDrafts();
  await new Appender(archive).append(facts.flatMap((one) => drafts.read(messageLine(one)) ?? []));
}

async function texts({ database, vault }: Archive): Promise<string[]> {
  const rows = await database.rows<{ content: Uint8Array }>(
    "SELECT content FROM record WHERE kind = 'event' AND content IS NOT NULL ORDER BY sequence",
  );
  return rows.map(({ content }) => {
    const said = JSON.parse(Buffer.from(vault.unseal('', content) ?? []).toString());
    return said.text as string;
  });
}

async function count({ database }: Archive, sql: string): Promise<number> {
  const [row] = await database.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${sql}`);
  return row?.n ?? -1;
}

describeEachDatabase('retention', (_open, place, kind) => {
  it('purges by the first rule that fits, and the record verifies', async () => {
    const facts: LineFacts[] = [
      { time: NOW - 400 * DAY, text: 'old chat' },
      { time: NOW - 400 * DAY, text: 'old evidence', tags: ['dlp'] },
      { time: NOW - 400 * DAY, text: 'old trade', account: 'tina', person: 'Tina' },
      { time: NOW - 400 * DAY, text: 'to a trader', peers: ['Tina'] },
      { time: NOW - 100 * DAY, text: 'younger chat' },
      {
        time: NOW - 100 * DAY,
        text: 'younger jabber',
        service: 'xmpp',
        account: 'a@x',
        peer: 'b@x',
      },
      { time: NOW - 1 * DAY, text: 'new chat' },
    ];
    const archive = await made(place, facts);
    const rules = new RetentionRules(
      [
        rule(2555, { tag: 'dlp' }),
        rule(2190, { group: 'traders' }),
        rule(90, { service: 'irc' }),
        rule(365),
      ],
      NOW,
      (person) => (person === 'Tina' ? ['traders'] : []),
    );
    const dry = await purgeArchive(archive, { rules, dryRun: true });
    expect(dry.byRule.map(({ purged }) => purged)).toEqual([0, 0, 2, 0]);
    expect(await texts(archive)).toHaveLength(7);

    const report = await purgeArchive(archive, { rules, why: 'yearly' });
    expect(report.complete).toBe(true);
    expect(report.byRule.map(({ purged }) => purged)).toEqual([0, 0, 2, 0]);
    expect(await texts(archive)).toEqual([
      'old evidence',
      'old trade',
      'to a trader',
      'younger jabber',
      'new chat',
    ]);
    const [audit] = await archive.database.rows<{ envelope: Uint8Array }>(
      "SELECT envelope FROM record WHERE kind = 'audit'",
    );
    const { audit: said } = JSON.parse(Buffer.from(audit?.envelope ?? []).toString());
    expect(said).toMatchObject({
      action: 'purge',
      why: 'yearly',
      details: { ranges: ['1', '5'], count: 2, rule: 'service irc: 90 days' },
    });
    const verified = await verifyArchive(archive, { index: true });
    expect(verified.listed).toEqual([]);
    expect(verified.counts.purged).toBe(2);

    // A second one finds nothing to do, and records nothing.
    const again = await purgeArchive(archive, { rules });
    expect(again.byRule.every(({ purged }) => purged === 0)).toBe(true);
    expect(await count(archive, "record WHERE kind = 'audit'")).toBe(1);
    await archive.close();
  });

  it('a purge that a tombstone hides behind is told from one that was recorded', async () => {
    const archive = await made(place, [
      { time: NOW - 400 * DAY },
      { time: NOW - 400 * DAY },
      { time: NOW },
    ]);
    await purgeArchive(archive, { rules: new RetentionRules([rule(365)], NOW) });
    expect((await verifyArchive(archive)).clean).toBe(true);
    const { database } = archive;
    const [row] = await database.rows<{ sequence: number; hash: Uint8Array }>(
      'SELECT sequence, hash FROM record WHERE sequence = 3',
    );
    await database.run('DELETE FROM record WHERE sequence = 3');
    await database.run(
      'UPDATE tombstone SET sequence = 3, hash = ? WHERE sequence = 2',
      row?.hash ?? null,
    );
    expect((await verifyArchive(archive)).clean).toBe(false);
    await archive.close();
  });

  it('what a hold covers survives, until it is released', async () => {
    const archive = await made(place, [
      { time: NOW - 400 * DAY, text: 'alice to bob' },
      { time: NOW - 400 * DAY, text: 'bob to alice', origin: 'server' },
      { time: NOW - 400 * DAY, text: 'carol to dave', account: 'carol', peer: 'dave' },
      { time: NOW - 300 * DAY, text: 'carol later', account: 'carol', peer: 'dave' },
    ]);
    const { database } = archive;
    await makeHold(archive, 'case-7', { person: ['irc:bob'] });
    const rules = new RetentionRules([rule(365)], NOW);
    const dry = await purgeArchive(archive, { rules, dryRun: true });
    expect(dry.byRule[0]).toMatchObject({ purged: 1, held: 2, holds: new Map([['case-7', 2]]) });
    await purgeArchive(archive, { rules });
    expect(await texts(archive)).toEqual(['alice to bob', 'bob to alice', 'carol later']);
    expect((await verifyArchive(archive)).listed).toEqual([]);

    await expect(makeHold(archive, 'case-7', { service: ['irc'] })).rejects.toThrow(
      'there is a hold called case-7',
    );
    await releaseHold(archive, 'case-7');
    expect(await readHolds(database)).toEqual([]);
    await expect(releaseHold(archive, 'case-7')).rejects.toThrow('no hold in force called case-7');
    await purgeArchive(archive, { rules });
    expect(await texts(archive)).toEqual(['carol later']);
    expect((await verifyArchive(archive)).listed).toEqual([]);
    await archive.close();
  });

  it('conversations, participants, tags and index go with their records, or are corrected', async () => {
    const facts = (days: number, n: number): LineFacts[] =>
      Array.from({ length: n }, (_, i) => ({
        time: NOW - days * DAY + i * 1e6,
        account: 'alice',
        peer: i % 2 === 0 ? 'bob' : 'carol',
        room: '#ops',
        origin: i % 3 === 0 ? 'server' : 'client',
        text: `word${days} and ${i}`,
        tags: ['ops'],
        action: i % 4 === 0 ? 'drop' : 'pass',
      }));
    const archive = await made(place, [...facts(400, 40), ...facts(365.2, 40), ...facts(10, 10)]);
    await purgeArchive(archive, {
      // In the middle of the conversation of 365 days ago.
      rules: new RetentionRules([rule(365.2)], NOW + 19 * 1e6),
    });
    const { database } = archive;
    expect(await count(archive, 'conversation')).toBe(2);
    expect(await count(archive, 'record_tag')).toBe(30);
    const { sql, values } = database.matching({ phrases: [['word400']] });
    expect(await database.rows(`SELECT sequence FROM record WHERE ${sql}`, ...values)).toEqual([]);
    const verified = await verifyArchive(archive, { index: true });
    expect(verified.listed).toEqual([]);
    expect(verified.counts).toMatchObject({ purged: 60 });
    await purgeArchive(archive, { rules: new RetentionRules([rule(1)], NOW) });
    expect(await count(archive, 'conversation')).toBe(0);
    expect(await count(archive, 'participant')).toBe(0);
    // What comes next begins a conversation of its own.
    await append(archive, facts(10, 3));
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    await archive.close();
  });

  it('scattered records are named by several audit records, each below 64 kB', async () => {
    const archive = await made(
      place,
      Array.from({ length: 2600 }, (_, i) => ({
        time: NOW - (i % 2 === 0 ? 400 : 10) * DAY,
        account: `account${i % 2}`,
      })),
    );
    const report = await purgeArchive(archive, { rules: new RetentionRules([rule(365)], NOW) });
    expect(report.byRule[0]?.purged).toBe(1300);
    const audits = await archive.database.rows<{ envelope: Uint8Array }>(
      "SELECT envelope FROM record WHERE kind = 'audit'",
    );
    expect(audits.length).toBeGreaterThanOrEqual(2);
    for (const { envelope } of audits) expect(envelope.length).toBeLessThan(65_536);
    expect((await verifyArchive(archive)).listed).toEqual([]);
    await archive.close();
  });

  it('is stopped between two batches, and goes on', async () => {
    const archive = await made(
      place,
      Array.from({ length: 4500 }, () => ({ time: NOW - 400 * DAY })),
    );
    const controller = new AbortController();
    const rules = new RetentionRules([rule(365)], NOW);
    const stopped = await purgeArchive(archive, {
      rules,
      signal: controller.signal,
      // As a signal comes: in a turn of the event loop of its own.
      onBatch: () => setImmediate(() => controller.abort()),
    });
    expect(stopped.complete).toBe(false);
    expect(stopped.byRule[0]?.purged).toBe(2000);
    expect((await verifyArchive(archive)).listed).toEqual([]);
    const rest = await purgeArchive(archive, { rules });
    expect(rest.byRule[0]?.purged).toBe(2500);
    expect((await verifyArchive(archive)).listed).toEqual([]);
    expect(kind).toBe(archive.database.kind);
    await archive.close();
  });
});
