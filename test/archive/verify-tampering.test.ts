/** Whatever is done to the tables of an archive, verify names it; in either database. */
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { ArchiveDatabase, Envelope } from '../../appliance/archive/contract.ts';
import { checkpointText } from '../../appliance/archive/evidence/checkpoint-text.ts';
import { PublicKey } from '../../appliance/archive/evidence/public-key.ts';
import { SigningKey } from '../../appliance/archive/evidence/signing-key.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import type {
  VerifyOptions,
  VerifyReport,
} from '../../appliance/archive/evidence/verify/verify-report.ts';
import { leafOf } from '../../appliance/archive/record/chain.ts';
import { decodeEnvelope } from '../../appliance/archive/record/envelope.ts';
import { homePaths } from '../../appliance/archive/target.ts';
import { describeEachDatabase, type NewPlace } from '../support/archive-databases.ts';
import { append, evidenceArchive } from '../support/evidence-archive.ts';
import {
  another,
  changeEnvelope,
  rechain,
  restore,
  type State,
  save,
  setHead,
  TABLES,
  type Table,
} from '../support/tampering.ts';

/**
 * What no record tells of, so that verify cannot prove it (docs/archive.md, Evidence): what the directory said
 * last, what a file looks like, when it was stored.
 */
const NOT_PROVEN = new Set([
  // Where records were purged, as here.
  ...['conversation.files'],
  ...['party.person', 'file.mime', 'file.stored', 'file.sealed', 'transfer.file_key'],
  ...['hold.id', 'hold.made', 'hold.released'], // released: whether, and not when
]);
/** In `meta`, by name. */
const PROVEN_META = ['archive', 'head', 'signing-key'];

interface Scene {
  readonly archive: Archive;
  readonly database: ArchiveDatabase;
  readonly sound: State;
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /** Verifies, and takes back what was done. */
  judge(options?: VerifyOptions): Promise<VerifyReport>;
}

async function scene(place: NewPlace, work: (scene: Scene) => Promise<void>): Promise<void> {
  const archive = await evidenceArchive(await place());
  const { database } = archive;
  const sound = await save(database);
  const verify = (options?: VerifyOptions) => verifyArchive(archive, options);
  try {
    await work({
      ...{ archive, database, sound, verify },
      async judge(options) {
        const report = await verify(options);
        await restore(database, sound);
        return report;
      },
    });
    expect((await verify({ files: true })).listed).toEqual([]);
  } finally {
    await archive.close();
  }
}

async function sequenceOf(database: ArchiveDatabase, condition: string): Promise<number> {
  const [row] = await database.rows<{ sequence: number }>(
    `SELECT sequence FROM record WHERE ${condition} ORDER BY sequence LIMIT 1`,
  );
  if (row === undefined) throw new Error(`no record: ${condition}`);
  return row.sequence;
}

const REFUSED = "action = 'drop'";

describeEachDatabase('tampering', (_open, place, kind) => {
  it('a changed value of any column of any table is named', async () => {
    await scene(place, async ({ database, sound, judge }) => {
      for (const [table, rows] of sound.tables) {
        const [first] = rows;
        if (first === undefined) continue;
        for (const column of Object.keys(first)) {
          if (NOT_PROVEN.has(`${table}.${column}`)) continue;
          const row = rows.find(
            (one) => one[column] !== null && (table !== 'meta' || one.name === 'head'),
          );
          if (row === undefined) continue;
          await change(database, table, row, column);
          const report = await judge();
          expect([table, column, report.clean]).toEqual([table, column, false]);
        }
      }
    });
  });

  it('a removed row of any table is named', async () => {
    await scene(place, async ({ database, sound, judge }) => {
      for (const [table, rows] of sound.tables) {
        for (const row of rows) {
          if (table === 'meta' && !PROVEN_META.includes(String(row.name))) continue;
          const keys = Object.keys(row).filter((column) => row[column] !== null);
          await database.run(
            `DELETE FROM ${table} WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`,
            ...keys.map((key) => row[key] ?? null),
          );
          const report = await judge();
          expect([table, row, report.clean]).toEqual([table, row, false]);
          if (table !== 'record') continue;
          const isLast = row.sequence === rows.at(-1)?.sequence;
          const what = isLast ? 'truncated' : 'removed';
          expect(report.listed).toContainEqual(
            expect.objectContaining({ what, where: 'record', sequence: row.sequence }),
          );
        }
      }
    });
  });

  it('a row that was put in is named', async () => {
    await scene(place, async ({ database, sound, judge }) => {
      const put = async (table: Table, more: Record<string, string | number>) => {
        const row = { ...sound.tables.get(table)?.at(-1), ...more };
        const columns = Object.keys(row);
        await database.transaction((within) =>
          within.insert(table, columns, [columns.map((column) => row[column] ?? null)]),
        );
        return judge();
      };
      const last = Number(sound.tables.get('record')?.length) + 3;
      for (const [table, more] of [
        ['record', { sequence: last + 1 }],
        ['record_tag', { sequence: 3 }],
        ['record_tag', { sequence: last + 5 }],
        ['conversation', { id: 999, thread_key: 'x' }],
        ['participant', { conversation: 1, party: 3, messages: 1 }],
        ['tombstone', { sequence: last + 1 }],
        ['tombstone', { sequence: 3 }],
        ['erasure', { sequence: 3 }],
        ['erasure', { sequence: last + 9 }],
        ['transfer', { sequence: 3 }],
      ] as const) {
        const report = await put(table, more);
        expect([table, more, report.clean]).toEqual([table, more, false]);
      }
    });
  });

  it('records that changed places, or were put between others and numbered anew, are named', async () => {
    await scene(place, async ({ database, judge }) => {
      const swap = async (a: number, b: number) => {
        for (const [from, to] of [
          [a, 9000],
          [b, a],
          [9000, b],
        ] as const) {
          await database.run('UPDATE record SET sequence = ? WHERE sequence = ?', to, from);
        }
      };
      await swap(4, 5);
      expect((await judge()).firstBreak).toMatchObject({ what: 'reordered', sequence: 4 });
      await swap(3, 12);
      expect((await judge()).firstBreak).toMatchObject({ what: 'reordered', sequence: 3 });

      // Taken out, and the hole closed.
      await database.run('DELETE FROM record WHERE sequence = 5');
      const max = await sequenceOf(database, "kind = 'checkpoint'");
      for (let n = 6; n <= max; n++) {
        await database.run('UPDATE record SET sequence = ? WHERE sequence = ?', n - 1, n);
      }
      expect((await judge()).firstBreak?.sequence).toBe(5);
    });
  });

  it('a chain that was made anew is caught by what was signed', async () => {
    await scene(place, async ({ database, judge, archive }) => {
      const refused = await sequenceOf(database, REFUSED);
      const hide = ({ event, ...rest }: Envelope): Envelope => ({
        ...rest,
        event: { ...event, from: 'mallory@example.com' },
      });
      const forge = async () => {
        await changeEnvelope(database, refused, hide);
        await database.run('UPDATE record SET sender = NULL WHERE sequence = ?', refused);
        await rechain(database, refused);
      };
      await forge();
      const noted = (await judge()).listed;
      expect(noted).toContainEqual(
        expect.objectContaining({ what: 'changed', where: 'record', sequence: 1 }),
      );

      // With checkpoints that say what stands there now: the signature is not theirs.
      await forge();
      await signAnew(database, refused, undefined, archive);
      expect((await judge()).listed).toContainEqual(
        expect.objectContaining({ what: 'forged', where: 'checkpoint' }),
      );

      // With a key of their own, of which the record tells as well.
      await forge();
      const mallory = SigningKey.generate();
      await signAnew(database, refused, mallory, archive);
      const own = await judge();
      expect(own.listed).toContainEqual(expect.objectContaining({ what: 'forged' }));

      // Put back to before, a real key from elsewhere settles it even where the home folder was forged too.
      const real = PublicKey.fromFile(homePaths(archive.target).publicKey);
      await forge();
      await signAnew(database, refused, mallory, archive);
      const given = await judge({ publicKeys: [real], checkpoints: '/dev/null' });
      expect(given).toMatchObject({ clean: false });
    });
  });

  it('an end that was cut off, and an older copy put back, are named', async () => {
    await scene(place, async ({ archive, database, sound, judge, verify }) => {
      const last = Number(sound.tables.get('record')?.at(-1)?.sequence);
      await database.run('DELETE FROM record WHERE sequence > ?', last - 4);
      expect((await judge()).listed).toContainEqual(
        expect.objectContaining({ what: 'truncated', sequence: last - 3 }),
      );
      // So that the database itself tells nothing of it.
      await database.run('DELETE FROM record WHERE sequence > ?', last - 4);
      await setHead(database);
      expect((await judge()).listed).toContainEqual(
        expect.objectContaining({ what: 'truncated', sequence: last - 3 }),
      );
      // What was noted elsewhere finds what came after the last signature.
      const { hash } = await verify();
      await database.run('DELETE FROM record WHERE sequence = ?', last);
      await setHead(database);
      const anchored = await judge({ anchors: [{ sequence: last, hash }] });
      expect(anchored.firstBreak).toMatchObject({ what: 'truncated', sequence: last });

      // Signed, lost by going back, and written on.
      const { checkpoints } = homePaths(archive.target);
      copyFileSync(checkpoints, `${checkpoints}.kept`);
      const { Signer } = await import('../../appliance/archive/evidence/signer.ts');
      await (await Signer.open(archive)).checkpoint();
      expect((await verify()).clean).toBe(true);
      await restore(database, sound);
      expect((await verify()).firstBreak).toMatchObject({ what: 'truncated', sequence: last + 1 });
      await append(archive, [line(), line()]);
      expect((await judge()).clean).toBe(false);
      copyFileSync(`${checkpoints}.kept`, checkpoints);
    });
  });

  it('forged purges, erasures and removed audit records are named', async () => {
    await scene(place, async ({ database, judge }) => {
      const purge = await sequenceOf(database, "kind = 'audit' AND sequence > 18");
      const bury = async (audit: number) => {
        const [row] = await database.rows<{ envelope: Uint8Array; hash: Uint8Array }>(
          'SELECT envelope, hash FROM record WHERE sequence = 4',
        );
        if (row === undefined) throw new Error('no record 4');
        await database.run('DELETE FROM record WHERE sequence = 4');
        await database.run('DELETE FROM record_tag WHERE sequence = 4');
        await database.run(
          'INSERT INTO tombstone (sequence, leaf, hash, purge) VALUES (?, ?, ?, ?)',
          ...[4, leafOf(4, row.envelope), row.hash, audit],
        );
      };
      const [real] = await database.rows<{ purge: number }>('SELECT purge FROM tombstone LIMIT 1');
      for (const audit of [real?.purge ?? 0, purge - 2, 2, 9999]) {
        await bury(audit);
        expect((await judge()).listed).toContainEqual(
          expect.objectContaining({ what: 'forged', where: 'tombstone' }),
        );
      }
      const [erased] = await database.rows<{ erasure: number }>(
        'SELECT erasure FROM erasure LIMIT 1',
      );
      for (const audit of [erased?.erasure ?? 0, 9999]) {
        await database.run('UPDATE record SET content = NULL WHERE sequence = 4');
        await database.run('INSERT INTO erasure (sequence, erasure) VALUES (4, ?)', audit);
        expect((await judge()).listed).toContainEqual(
          expect.objectContaining({ what: 'forged', where: 'erasure' }),
        );
      }
      await database.run('UPDATE record SET content = NULL WHERE sequence = 4');
      expect((await judge()).firstBreak).toMatchObject({
        ...{ what: 'removed', where: 'record.content', sequence: 4 },
      });
    });
  });

  it('what is done to the file outside is named', async () => {
    await scene(place, async ({ archive, verify }) => {
      const { checkpoints } = homePaths(archive.target);
      const whole = readFileSync(checkpoints, 'utf8');
      const [first = '', second = '', ...rest] = whole.trimEnd().split('\n');
      for (const changed of [
        [second, ...rest].join('\n'),
        [first, ...rest].join('\n'),
        whole.replace('"upTo":', '"upTo":1'),
        `${whole}{"archive":"x"}\n`,
        `${whole}not JSON\n`,
      ]) {
        writeFileSync(checkpoints, changed);
        expect([changed, (await verify()).clean]).toEqual([changed, false]);
      }
      rmSync(checkpoints);
      expect((await verify()).firstBreak).toMatchObject({ where: 'checkpoints.jsonl' });
      writeFileSync(checkpoints, `${first}\n${second}\n`);
      // A crash before the last line was written is no break, and is told.
      const report = await verify();
      expect(report.clean).toBe(true);
      expect(report.notProven.join()).toContain('1 checkpoint at the end');
      appendFileSync(checkpoints, `${rest.join('\n')}\n`);
    });
  });

  it('kept files that were changed or removed are named', async () => {
    await scene(place, async ({ archive, database, verify }) => {
      const [row] = await database.rows<{ sha256: string }>('SELECT sha256 FROM file');
      const { sha256 = '' } = row ?? {};
      const path = join(homePaths(archive.target).files, sha256.slice(0, 2), sha256.slice(2));
      const octets = readFileSync(path);
      writeFileSync(path, `${octets} `);
      expect((await verify({ files: true })).firstBreak).toMatchObject({
        ...{ what: 'changed', where: 'files/' },
      });
      rmSync(path);
      expect((await verify({ files: true })).firstBreak).toMatchObject({
        ...{ what: 'removed', where: 'files/' },
      });
      writeFileSync(path, octets);
    });
  });

  it('words that were taken out of the index are named', async () => {
    await scene(place, async ({ database, verify }) => {
      const sequence = await sequenceOf(database, REFUSED);
      await database.unindex([sequence]);
      expect((await verify({ index: true })).firstBreak).toMatchObject({
        ...{ where: 'search index', sequence },
      });
      await database.index([{ sequence, terms: 'a secret' }]);
      expect((await verify({ index: true })).clean).toBe(true);
    });
  });

  it('any single change of any cell that is proven is noticed', async () => {
    await scene(place, async ({ database, sound, judge }) => {
      const tables = TABLES.filter((table) => (sound.tables.get(table)?.length ?? 0) > 0);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...tables),
          fc.nat(),
          fc.nat(),
          fc.nat(),
          async (table, rowOf, columnOf, bit) => {
            const rows = sound.tables.get(table) ?? [];
            const row = rows[rowOf % rows.length] ?? {};
            const columns = Object.keys(row);
            const column = columns[columnOf % columns.length] ?? '';
            if (NOT_PROVEN.has(`${table}.${column}`) || row[column] === null) return;
            if (table === 'meta' && !PROVEN_META.includes(String(row.name))) return;
            if (table === 'party' && !isReferred(sound, Number(row.id))) return;
            await change(database, table, row, column, bit);
            expect([table, column, row, (await judge()).clean]).toEqual([
              table,
              column,
              row,
              false,
            ]);
          },
        ),
        { numRuns: kind === 'sqlite' ? 40 : 15 },
      );
    });
  });
});

/** A party of purged records alone is nobody's any more. */
function isReferred({ tables }: State, party: number): boolean {
  const records = tables.get('record') ?? [];
  const participants = tables.get('participant') ?? [];
  return (
    records.some(({ account, sender }) => account === party || sender === party) ||
    participants.some((row) => row.party === party)
  );
}

async function change(
  database: ArchiveDatabase,
  table: Table,
  row: Readonly<Record<string, unknown>>,
  column: string,
  bit = 0,
): Promise<void> {
  const value = row[column];
  const next =
    value instanceof Uint8Array && value.length > 0
      ? flipped(value, bit)
      : another(typeof value === 'number' || typeof value === 'string' ? value : null);
  const keys = Object.keys(row).filter((key) => row[key] !== null);
  await database.run(
    `UPDATE ${table} SET ${column} = ? WHERE ${keys.map((key) => `${key} = ?`).join(' AND ')}`,
    next,
    ...keys.map((key) => row[key] as string | number | Uint8Array),
  );
}

function flipped(octets: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(octets);
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

let lines = 0;
function line(): string {
  lines += 1;
  const ts = `2026-11-25T11:00:0${lines % 10}.000000Z`;
  return JSON.stringify({
    v: 1,
    id: `x${lines}`,
    ts,
    kind: 'presence',
    service: 'xmpp',
    account: 'eve@example.com',
    visibility: 'content',
  });
}

/** Checkpoints say what stands there now; signed with `key`, of which the record tells in place of the real one. */
async function signAnew(
  database: ArchiveDatabase,
  from: number,
  key: SigningKey | undefined,
  archive: Archive,
): Promise<void> {
  const rows = await database.rows<{ sequence: number; envelope: Uint8Array }>(
    "SELECT sequence, envelope FROM record WHERE kind IN ('audit', 'checkpoint') ORDER BY sequence",
  );
  if (key !== undefined) {
    const { fingerprint, spki } = key.publicKey;
    for (const { sequence, envelope } of rows) {
      if (decodeEnvelope(envelope).audit?.action !== 'key') continue;
      await changeEnvelope(database, sequence, ({ audit, ...rest }) => ({
        ...rest,
        ...(audit === undefined
          ? {}
          : { audit: { ...audit, details: { ...audit.details, fingerprint, public: spki } } }),
      }));
      await rechain(database, sequence);
    }
    await database.run("UPDATE meta SET value = ? WHERE name = 'signing-key'", fingerprint);
  }
  for (const { sequence, envelope } of rows) {
    if (sequence < from && key === undefined) continue;
    if (decodeEnvelope(envelope).checkpoint === undefined) continue;
    const [before] = await database.rows<{ hash: Uint8Array }>(
      `SELECT hash FROM record WHERE sequence = ? UNION ALL SELECT hash FROM tombstone WHERE sequence = ?`,
      sequence - 1,
      sequence - 1,
    );
    const hash = Buffer.from(before?.hash ?? []).toString('hex');
    await changeEnvelope(database, sequence, (said) => {
      if (said.checkpoint === undefined) return said;
      const checkpoint = { ...said.checkpoint, hash, ...(key && { key: key.fingerprint }) };
      const signature = key?.sign(checkpointText(checkpoint, said.at));
      return { ...said, checkpoint: { ...checkpoint, ...(signature && { signature }) } };
    });
    await rechain(database, sequence);
  }
  expect(archive.database).toBe(database);
}
