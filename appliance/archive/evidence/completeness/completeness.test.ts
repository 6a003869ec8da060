import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rfc3339 } from '../../../../src/event/time.ts';
import type { Archive } from '../../archive.ts';
import { openArchive } from '../../open-archive.ts';
import { Appender } from '../../record/appender.ts';
import { EventDrafts } from '../../record/draft-event.ts';
import { readTarget } from '../../target.ts';
import { completeness } from './completeness.ts';

const NINE = Date.UTC(2026, 10, 25, 9) * 1000;
const MINUTE = 60e6;
const DAY = { from: NINE, to: NINE + 60 * MINUTE, now: NINE + 60 * MINUTE };

let folder: string;
let archive: Archive;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'complete-'));
  archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
});
afterEach(async () => {
  await archive.close();
  rmSync(folder, { recursive: true });
});

async function ledger(what: string, minute: number, counts = {}, length = 0): Promise<void> {
  const from = rfc3339(NINE + minute * MINUTE);
  const to = rfc3339(NINE + (minute + length) * MINUTE);
  const entry = { what, from, to, counts, why: `because of ${what}` };
  await new Appender(archive).append([{ kind: 'ledger', ledger: entry }]);
}

async function event(kind: string, minute: number, more = {}): Promise<void> {
  const ts = rfc3339(NINE + minute * MINUTE);
  const line = { v: 1, id: `${kind} ${minute}`, ts, kind, service: 'xmpp', visibility: 'content' };
  const draft = new EventDrafts().read(JSON.stringify({ ...line, ...more }));
  if (draft !== undefined) await new Appender(archive).append([draft]);
}

describe('completeness', () => {
  test('a gateway that ran all the time and lost nothing is complete', async () => {
    await ledger('start', -10);
    await event('message', 5, { from: 'alice@example.com', text: 'hello' });
    await ledger('running', 50, { packets: 12 }, 9);
    expect(await completeness(archive, DAY)).toMatchObject({
      ...{ complete: true, live: true, missing: [], events: { message: 1 } },
    });
  });

  test('what was lost, could not be read or was not to be kept is told, with when and whose', async () => {
    await ledger('start', -10);
    await ledger('dropped', 4, { packets: 3 }, 1);
    await ledger('dropped', 6, { packets: 4 }, 1);
    await ledger('dropped', 100, { packets: 900 }); // not in this hour
    await ledger('not-archived', 7, { events: 2 });
    const alice = { account: 'alice@example.com' };
    await event('gap', 8, { ...alice, gap: { octets: 99, cause: 'loss', direction: 'to-server' } });
    await event('flow.opaque', 9, { ...alice, service: 'whatsapp' });
    await event('message', 10, {
      ...alice,
      text: 'x',
      verdict: { action: 'pass', enforced: true, archive: 'metadata' },
    });
    await ledger('running', 50, {}, 9);
    const { complete, missing } = await completeness(archive, DAY);
    expect(complete).toBe(false);
    expect(
      missing.map(({ kind, what, times, counts, whose }) => [kind, what, times, counts, whose]),
    ).toEqual([
      ['lost', 'dropped', 2, { packets: 7 }, []],
      ['lost', 'gap', 1, { octets: 99 }, ['xmpp:alice@example.com']],
      ['unread', 'opaque', 1, { connections: 1 }, ['whatsapp:alice@example.com']],
      ['policy', 'metadata only', 1, { messages: 1 }, []],
      ['policy', 'not-archived', 1, { events: 2 }, []],
    ]);
    const bob = await completeness(archive, { ...DAY, person: ['xmpp:bob@example.com'] });
    expect(bob.missing.map(({ what }) => what)).toEqual(['dropped', 'not-archived']);
  });

  test('times without a gateway are lost: before the first start, after a stop, after a crash', async () => {
    await ledger('start', 5);
    await ledger('running', 8, {}, 2);
    await ledger('start', 20); // it was killed after minute 10
    await ledger('stop', 30);
    const { missing } = await completeness(archive, DAY);
    expect(missing.map(({ why, counts }) => [why, counts])).toEqual([
      ['before the gateway first started', { seconds: 300 }],
      ['the gateway ended without stopping (power, crash, kill)', { seconds: 600 }],
      ['the gateway was stopped', { seconds: 1800 }],
    ]);
  });

  test('an archive of recordings is as complete as these, which is said', async () => {
    await event('message', 5, { from: 'alice@example.com', text: 'hello' });
    const { complete, live, remarks } = await completeness(archive, DAY);
    expect([complete, live]).toEqual([true, false]);
    expect(remarks.join()).toContain('No record tells when a gateway ran');
  });
});
