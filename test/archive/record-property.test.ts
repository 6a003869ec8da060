/** Whatever an event says, it is recorded or counted, and the chain holds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { decodeEnvelope } from '../../appliance/archive/record/envelope.ts';
import { recordColumns } from '../../appliance/archive/record/record-columns.ts';
import { wholeEvent } from '../../appliance/archive/record/whole-event.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { expectChain } from './chain-check.ts';

/** Text with everything that is awkward: halves of characters, NUL, separators, quotes, much of it. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\0', '\n', '\ud800', '\udc00', '"', '\\', "'", '\u2028', '😀', 'İ', 'a'),
  }),
  fc.constantFrom(
    '',
    ' ',
    '@',
    '__proto__',
    'alice@example.com',
    'x'.repeat(70_000),
    'ß'.repeat(3000),
  ),
);
const anything = fc.oneof({ weight: 3, arbitrary: text }, fc.jsonValue(), fc.constant(undefined));
const list = fc.oneof(fc.array(text, { maxLength: 4 }), anything);

const hostile = fc.record(
  {
    v: anything,
    id: anything,
    ts: fc.oneof(
      fc.constantFrom(
        '2026-11-26T08:00:00.000001Z',
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59Z',
      ),
      anything,
    ),
    kind: fc.oneof(fc.constantFrom('message', 'file.offer', 'typing', 'presence'), anything),
    service: fc.oneof(fc.constantFrom('xmpp', 'irc', 'aim'), anything),
    protocol: fc.oneof(fc.constant('xmpp'), anything),
    flow: fc.oneof(fc.record({ id: anything }), anything),
    origin: fc.oneof(fc.constantFrom('client', 'server'), anything),
    account: anything,
    from: anything,
    to: list,
    room: anything,
    text: anything,
    markup: anything,
    file: fc.oneof(fc.record({ name: anything, token: anything, url: anything }), anything),
    verdict: fc.oneof(
      fc.record({
        action: anything,
        rule: anything,
        tags: list,
        archive: anything,
        tell: anything,
      }),
      anything,
    ),
    copy: anything,
    person: anything,
    peers: list,
    unheardOf: anything,
    __proto__: anything,
  },
  { requiredKeys: [] },
);

it('records hostile events, whole, on a chain that verifies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-property-'));
  const archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
  const appender = new Appender(archive);
  let recorded = 0;
  try {
    const property = fc.asyncProperty(fc.array(hostile, { maxLength: 8 }), async (events) => {
      const drafts = new EventDrafts();
      const lines = events.map((event) => JSON.stringify(event));
      const read = lines.flatMap((line) => drafts.read(line) ?? []);
      const { notArchived, unreadable } = drafts.takeCounts();
      expect([unreadable, read.length + notArchived]).toEqual([0, events.length]);
      const { first, last } = await appender.append(read);
      recorded += read.length;
      expect(last - first + 1).toBe(read.length);
      const kept = lines
        .map((line) => JSON.parse(line))
        .filter((event) => event.verdict?.archive !== 'none');
      await expectKept(first, kept);
    });
    await fc.assert(property, { numRuns: 60 });
    expect(await expectChain(archive.database)).toBe(recorded);
  } finally {
    await archive.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function expectKept(first: number, events: readonly Record<string, unknown>[]) {
    const rows = await archive.database.rows<Record<string, never>>(
      `SELECT record.*, party.address AS address, party.service AS party_service FROM record
       LEFT JOIN party ON party.id = record.sender WHERE sequence >= ? ORDER BY sequence`,
      first,
    );
    for (const [n, event] of events.entries()) {
      const row = rows[n] ?? {};
      const envelope = decodeEnvelope(row.envelope ?? Buffer.alloc(0));
      const columns = recordColumns(envelope);
      expect([row.time, row.event, row.service, row.action, row.rule, row.address]).toEqual([
        ...[columns.time, columns.event, columns.service, columns.action, columns.rule],
        columns.sender,
      ]);
      const { verdict } = event;
      const metadata =
        typeof verdict === 'object' &&
        verdict !== null &&
        'archive' in verdict &&
        verdict.archive === 'metadata';
      if (metadata) continue;
      const id = typeof event.id === 'string' ? event.id : '';
      const content = row.content && archive.vault.unseal(id, row.content);
      const said = content ? JSON.parse(Buffer.from(content).toString()) : undefined;
      expect(wholeEvent(envelope.event ?? {}, said)).toEqual(event);
    }
  }
}, 60_000);
