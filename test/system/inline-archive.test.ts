/**
 * A live bridge archives what it carries: what was said is found afterwards, proven and complete, and whoever
 * talks through it does not notice.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { median } from '../../bench/median.ts';
import { TwoBridges } from '../../bench/two-bridges.ts';
import { needs } from '../support/need.ts';

const need = needs({ tools: ['ip', 'sysctl'], root: true });
const ROUNDS = 7;
const MESSAGES = 120;
/** Neighbours on the machine disturb both; a bridge that waited for a disk would take milliseconds. */
const MOST = { share: 1.5, added: 0.4 };

describe.skipIf(need.skip)(`a bridge that archives${need.why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-inline-archive-'));
  let bridges: TwoBridges | undefined;
  afterAll(async () => {
    await bridges?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('round trips stay as they are without one, and every message is in it', async () => {
    const where = join(folder, 'archive.db');
    const events = join(folder, 'events.jsonl');
    bridges = new TwoBridges('archive', inject('builtTree'));
    await bridges.start(['--archive', where, '--events', events]);
    const { a: archiving, b: plain, said } = await bridges.compare(ROUNDS, MESSAGES);
    expect(await bridges.stop()).toEqual([0, 0]);
    const bound = median(plain) * MOST.share + MOST.added;
    expect(median(archiving)).toBeLessThan(bound);

    const archive = await openArchive(readTarget(where), { readOnly: true });
    try {
      const report = await verifyArchive(archive);
      expect(report.firstBreak).toBeUndefined();
      const [count] = await archive.database.rows<{ events: number }>(
        `SELECT COUNT(*) AS events FROM record WHERE event = 'message'`,
      );
      expect(count?.events).toBe(2 * said); // as it was said, and as it was heard
      const { sql, values } = archive.database.matching({ phrases: [['falcon', String(said)]] });
      const found = await archive.database.rows(
        `SELECT sequence FROM record WHERE ${sql}`,
        ...values,
      );
      expect(found).toHaveLength(2);
      // The file of events and the archive have the same events in the same order.
      const lines = readFileSync(events, 'utf8').trim().split('\n');
      const rows = await archive.database.rows<{ envelope: Uint8Array }>(
        `SELECT envelope FROM record WHERE kind = 'event' ORDER BY sequence`,
      );
      const ids = rows.map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).event.id);
      expect(ids).toEqual(lines.map((line) => JSON.parse(line).id));
      const ledger = await archive.database.rows<{ envelope: Uint8Array }>(
        `SELECT envelope FROM record WHERE kind = 'ledger' ORDER BY sequence`,
      );
      const whats = ledger.map(
        ({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).ledger.what,
      );
      expect(whats).toEqual(['start', 'stop']);
    } finally {
      await archive.close();
    }
  }, 180_000);
});
