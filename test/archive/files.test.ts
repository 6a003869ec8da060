/**
 * Files that a rule asks to keep: out of real captures, over every way in which files travel, into the store
 * by their SHA-256; what was not whole is said to be so, and nothing else is there.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { FileStore } from '../../appliance/archive/files/file-store.ts';
import { findFile } from '../../appliance/archive/files/get-file.ts';
import { IncomingFolder } from '../../appliance/archive/files/incoming-folder.ts';
import { sweepFiles } from '../../appliance/archive/files/sweep-files.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { homePaths } from '../../appliance/archive/target.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { KeyStore } from '../../appliance/archive/vault/key-store.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { type Item, number, readRecorded, text } from '../corpus/truth.ts';
import { describeEachDatabase, type NewPlace } from '../support/archive-databases.ts';
import { capturePath, corpusPath } from '../support/corpus.ts';
import {
  KEEP_ALL,
  type KeepOptions,
  NO_LIMITS,
  readInto,
  takeOverOf,
} from '../support/keep-files.ts';
import { needs } from '../support/need.ts';

const OFFICE = capturePath('irc-office.pcap');
/** Sent in it, and in xmpp-office: offer-2026.pdf. */
const OFFER = '87e479e7fe2ca945e3a480ac643b0d52eaf4af5b217c41b2a4e8e564576e39b7';

interface Transfer {
  readonly sha256: string;
  readonly state: string;
  readonly event: string;
  readonly size: number | null;
}

async function opened<T>(place: NewPlace, work: (archive: Archive) => Promise<T>): Promise<T> {
  const archive = await openArchive(await place(), { create: true });
  try {
    return await work(archive);
  } finally {
    await archive.close();
  }
}

function transfers({ database }: Archive): Promise<Transfer[]> {
  return database.rows<Transfer>(
    `SELECT transfer.sha256 AS sha256, transfer.state AS state, record.event AS event, file.size AS size
     FROM transfer JOIN record ON record.sequence = transfer.sequence
     LEFT JOIN file ON file.sha256 = transfer.sha256 ORDER BY transfer.sequence`,
  );
}

async function stored({ target }: Archive): Promise<string[]> {
  const store = new FileStore(homePaths(target).files);
  const found: string[] = [];
  for (const sha256 of store.all()) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const part of store.read(sha256)) {
      hash.update(part);
      size += part.length;
    }
    expect(hash.digest('hex')).toBe(sha256);
    found.push(`${size} ${sha256}`);
  }
  return found.sort();
}

/** Digests that the events tell, of what was whole. */
function completed(lines: readonly string[]): string[] {
  const files = lines
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'file.complete')
    .map(({ file }) => `${(file.size ?? 0) - (file.offset ?? 0)} ${file.sha256}`);
  return [...new Set(files)].sort();
}

describeEachDatabase('kept files', (_open, place) => {
  it('are those of the capture, each once, and the record tells of each', () =>
    opened(place, async (archive) => {
      const { lines } = await readInto(archive, OFFICE);
      const rows = await transfers(archive);
      expect(rows.length).toBeGreaterThan(1);
      expect(await stored(archive)).toEqual(completed(lines));
      expect(readdirSync(homePaths(archive.target).incoming)).toEqual([]);
      const audits = await archive.database.rows<{ envelope: Uint8Array }>(
        `SELECT envelope FROM record WHERE kind = 'audit' ORDER BY sequence`,
      );
      const told = audits.map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).audit);
      expect(told.map(({ action, details }) => [action, details.sha256, details.state])).toEqual(
        rows.map(({ sha256, state }) => ['keep-file', sha256, state]),
      );
    }));

  it('that come again are stored once', () =>
    opened(place, async (archive) => {
      const { lines } = await readInto(archive, OFFICE);
      const before = (await transfers(archive)).length;
      const { takeOver } = await readInto(archive, OFFICE);
      expect(takeOver.counters).toMatchObject({ kept: 0, repeated: before });
      expect(await stored(archive)).toEqual(completed(lines));
      expect(await transfers(archive)).toHaveLength(2 * before);
    }));

  it('that no rule asks for are not there, not for a moment longer than they pass', () =>
    opened(place, async (archive) => {
      const { folder } = await readInto(archive, OFFICE, { rules: 'sallyport: 1\nrules: []' });
      expect(readdirSync(homePaths(archive.target).incoming)).toEqual([]);
      expect(await stored(archive)).toEqual([]);
      expect(folder.counters).toMatchObject({ kept: 0, tooLarge: 0 });
    }));

  it('may be asked for where they are offered, in another connection', () =>
    opened(place, async (archive) => {
      const rules =
        'sallyport: 1\nrules: [{ id: offers, on: file.offer, if: { file.size: { under: 3KB } }, also: [quarantine] }]';
      const { lines } = await readInto(archive, OFFICE, { rules });
      const pdf = lines
        .map((line) => JSON.parse(line))
        .filter(({ kind, file }) => kind === 'file.complete' && file.mime === 'application/pdf');
      expect(pdf.length).toBeGreaterThan(0);
      expect((await stored(archive)).map((line) => line.split(' ')[1])).toEqual([
        ...new Set(pdf.map(({ file }) => file.sha256)),
      ]);
    }));

  it('over a cap are said to be so, and not there', () =>
    opened(place, async (archive) => {
      await readInto(archive, OFFICE, { limits: { largest: 3000, total: 1e6 } });
      const rows = await transfers(archive);
      expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['kept', 'too-large']));
      for (const { state, size } of rows) if (state === 'kept') expect(size).toBeLessThan(3001);
      for (const line of await stored(archive))
        expect(Number(line.split(' ')[0])).toBeLessThan(3001);
    }));

  it('have room in all together, and no more', () =>
    opened(place, async (archive) => {
      await readInto(archive, OFFICE, { limits: { largest: 1e6, total: 31_000 } });
      const rows = await transfers(archive);
      expect(rows.filter(({ state }) => state === 'no-room').length).toBeGreaterThan(0);
      const sum = (await stored(archive)).reduce((n, line) => n + Number(line.split(' ')[0]), 0);
      expect(sum).toBeGreaterThan(0);
      expect(sum).toBeLessThanOrEqual(31_000);
    }));

  it('with a hole in them are none: the start of the transfer says that it was not seen whole', () =>
    opened(place, async (archive) => {
      // One large segment of a data connection is lost.
      const large = (octets: Uint8Array) => octets.length > 1000;
      const cut: KeepOptions['cut'] = (frames) => {
        const lost = frames.filter(({ octets }) => large(octets))[2];
        return frames.filter((frame) => frame !== lost);
      };
      await readInto(archive, OFFICE, { cut });
      const rows = await transfers(archive);
      const unfinished = rows.filter(({ state }) => state === 'unfinished');
      expect(unfinished.map(({ event, sha256, size }) => [event, sha256, size])).toEqual([
        ['file.start', '', null],
      ]);
    }));

  it('are taken after a crash, once, and what was half written never is', () =>
    opened(place, async (archive) => {
      const { lines } = await readInto(archive, OFFICE);
      const { incoming, files } = homePaths(archive.target);
      const before = await transfers(archive);
      const event = lines.map((line) => JSON.parse(line)).find((e) => e.kind === 'file.complete');
      const store = new FileStore(files);
      const octets: Buffer[] = [];
      for await (const part of store.read(event.file.sha256)) octets.push(part);
      // As a crash leaves it: stored and recorded, the note not yet gone. And a note of what was cut off.
      const time = Date.parse(event.ts) * 1000 + Number(event.ts.slice(-4, -1));
      const note = { v: 1, id: event.id, time, state: 'kept', sha256: event.file.sha256 };
      writeFileSync(join(incoming, event.id), Buffer.concat(octets));
      writeFileSync(
        join(incoming, `${event.id}.note`),
        JSON.stringify({ ...note, size: Buffer.concat(octets).length }),
      );
      writeFileSync(join(incoming, 'cut.note'), '{"v":1,"id":"');
      await takeOverOf(archive).run();
      expect(await transfers(archive)).toEqual(before);
      expect(readdirSync(incoming)).toEqual(['set-aside']);
      // The same with octets that are not what passed.
      store.remove(event.file.sha256);
      await archive.database.run('DELETE FROM transfer WHERE sha256 = ?', event.file.sha256);
      writeFileSync(join(incoming, event.id), 'something else');
      writeFileSync(join(incoming, `${event.id}.note`), JSON.stringify({ ...note, size: 14 }));
      await takeOverOf(archive).run();
      expect(store.has(event.file.sha256)).toBe(false);
      const [row] = (await transfers(archive)).filter(({ sha256 }) => sha256 === event.file.sha256);
      expect(row?.state).toBe('damaged');
    }));

  it('of any type, as somebody announced it, are taken', () =>
    opened(place, async (archive) => {
      const { lines } = await readInto(archive, OFFICE);
      const { incoming } = homePaths(archive.target);
      const { id, ts } = lines
        .map((line) => JSON.parse(line))
        .find(({ kind }) => kind === 'file.complete');
      const content = Buffer.from('the eagle');
      const sha256 = createHash('sha256').update(content).digest('hex');
      const to = new IncomingFolder(incoming, NO_LIMITS, 'worker-0');
      const writer = to.open();
      writer.write(content);
      const time = Date.parse(ts) * 1000 + Number(ts.slice(-4, -1));
      writer.keep({ id, time, sha256, mime: 'text/\0plain\ud800', offset: 0 });
      const takeOver = takeOverOf(archive);
      expect(await takeOver.run()).toEqual({ taken: 1, left: false });
      expect((await findFile(archive, sha256)).mime).toBe('text/\ufffdplain\ufffd');
    }));

  it('go when the last record that speaks of them has gone', () =>
    opened(place, async (archive) => {
      const { lines } = await readInto(archive, OFFICE);
      await readInto(archive, OFFICE);
      const all = completed(lines);
      const { database, target } = archive;
      const { files } = homePaths(target);
      const [first] = await database.rows<{ sequence: number; sha256: string }>(
        'SELECT sequence, sha256 FROM transfer ORDER BY sequence LIMIT 1',
      );
      await database.run('DELETE FROM record WHERE sequence = ?', first?.sequence ?? 0);
      expect(await sweepFiles(database, files)).toEqual({ files: 0, octets: 0 });
      expect(await stored(archive)).toEqual(all);
      const others = await database.rows<{ sequence: number }>(
        'SELECT sequence FROM transfer WHERE sha256 = ?',
        first?.sha256 ?? '',
      );
      const swept = await sweepFiles(
        database,
        files,
        others.map(({ sequence }) => sequence),
      );
      expect(swept.files).toBe(1);
      expect(await stored(archive)).toEqual(
        all.filter((line) => !line.endsWith(first?.sha256 ?? '')),
      );
    }));
});

describeEachDatabase('kept files of an encrypted archive', (_open, place) => {
  it('wait sealed: while their key is away, and are taken when it is back', async () => {
    const target = await place();
    const { folder, keys, incoming } = homePaths(target);
    mkdirSync(folder, { recursive: true });
    const keyFile = join(folder, 'kek');
    makeKeyFile(keyFile);
    const settings = { keyFile, keyCommand: undefined, index: 'blind' as const };
    const vault = openVault(target, settings, { create: true });
    const archive = await openArchive(target, { create: true, vault });
    const { lines, takeOver } = await readInto(archive, OFFICE);
    const known = { ...takeOver.counters };
    const events = lines.map((line) => JSON.parse(line)).filter((e) => e.kind === 'file.complete');
    const wait = (nth: number, content: Buffer) => {
      const { id, ts, file } = events[nth];
      const to = new IncomingFolder(incoming, NO_LIMITS, 'worker-0', vault.spool?.current());
      const writer = to.open();
      writer.write(content);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const time = Date.parse(ts) * 1000 + Number(ts.slice(-4, -1));
      writer.keep({ id, time, sha256, mime: file.mime, offset: 0 });
      return { path: join(incoming, id), sha256 };
    };
    const number = vault.spool?.current().number ?? 0;
    const moveKey = (from: number, to: number) => {
      const file = new Database(keys);
      file.prepare('UPDATE data_key SET number = ? WHERE number = ?').run(to, from);
      file.close();
    };
    const content = Buffer.from('the eagle lands at noon');
    const { path, sha256 } = wait(0, content);
    moveKey(number, 4711);
    expect(await takeOver.run()).toEqual({ taken: 0, left: true });
    expect(takeOver.locked).toContain(
      `${path}: a sealed file waits in it, and cannot be read: key`,
    );
    expect(takeOver.counters).toEqual({ ...known, keyless: 1 });
    moveKey(4711, number);
    const other = wait(1, Buffer.from('who changes this is noticed'));
    const changed = readFileSync(other.path);
    changed[20] = (changed[20] ?? 0) ^ 1;
    writeFileSync(other.path, changed);
    expect(await takeOver.run()).toEqual({ taken: 2, left: false });
    expect(takeOver.locked).toBeUndefined();
    expect(takeOver.counters).toEqual({
      ...known,
      kept: known.kept + 1,
      octets: known.octets + content.length,
      damaged: 1,
      keyless: 1,
    });
    const parts: Uint8Array[] = [];
    for await (const part of (await findFile(archive, sha256)).read()) parts.push(part);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    expect(readdirSync(incoming)).toEqual([]);
    await archive.close();
  });

  it('are read while one of those whose transfer they were has a key, and then by nobody', async () => {
    const target = await place();
    const { folder, files, keys } = homePaths(target);
    mkdirSync(folder, { recursive: true });
    makeKeyFile(join(folder, 'kek'));
    const settings = {
      keyFile: join(folder, 'kek'),
      keyCommand: undefined,
      index: 'blind' as const,
    };
    const sealed = async <T>(work: (archive: Archive) => Promise<T>): Promise<T> => {
      const vault = openVault(target, settings, { create: true });
      const archive = await openArchive(target, { create: true, vault });
      try {
        return await work(archive);
      } finally {
        await archive.close();
      }
    };
    const destroy = (subject: string) => {
      const store = new KeyStore(keys, undefined);
      expect(store.destroy([subject])).toBe(1);
      store.close();
    };
    const digest = async (archive: Archive) => {
      const hash = createHash('sha256');
      for await (const part of (await findFile(archive, OFFER)).read()) hash.update(part);
      return hash.digest('hex');
    };
    const subjects = await sealed(async (archive) => {
      await readInto(archive, OFFICE);
      await readInto(archive, capturePath('xmpp-office.pcapng.gz'));
      expect(await digest(archive)).toBe(OFFER);
      const rows = await archive.database.rows<{ envelope: Uint8Array }>(
        `SELECT record.envelope AS envelope FROM record
         JOIN transfer ON transfer.sequence = record.sequence WHERE transfer.sha256 = ?`,
        OFFER,
      );
      return rows.map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).subject);
    });
    expect(new Set(subjects).size).toBe(2);
    const stored = readFileSync(new FileStore(files).pathOf(OFFER));
    expect(stored.includes('%PDF')).toBe(false);
    destroy(subjects[0]);
    await sealed(async (archive) => expect(await digest(archive)).toBe(OFFER));
    destroy(subjects[1]);
    await sealed(async (archive) => {
      await expect(digest(archive)).rejects.toThrow('its key was destroyed');
      // What comes again is stored anew, with a new key.
      await readInto(archive, OFFICE);
      expect(await digest(archive)).toBe(OFFER);
    });
    const changed = Buffer.from(readFileSync(new FileStore(files).pathOf(OFFER)));
    changed[40] = (changed[40] ?? 0) ^ 1;
    writeFileSync(new FileStore(files).pathOf(OFFER), changed);
    await sealed(async (archive) => {
      await expect(digest(archive)).rejects.toThrow('is not what was stored');
    });
  });
});

const need = needs({ corpus: true });

describe.skipIf(need.skip)(`kept files of recorded captures${need.why}`, () => {
  describeEachDatabase('by every way', (_open, place) => {
    it.each([
      ['MSN', 'msnp', 'msnp15-files-libpurple266'],
      ['OSCAR', 'oscar', 'aim-files-libpurple243'],
      ['Yahoo!', 'ymsg', 'ymsg15-files-libpurple243-scripted'],
    ])('%s: they are what the truth says', (_name, folder, recorded) =>
      opened(place, async (archive) => {
        const truth = readRecorded(folder, recorded);
        const capture = text(truth as unknown as Item, 'pcap') ?? truth.capture;
        await readInto(archive, corpusPath(`recorded/${folder}/${capture}`), { rules: KEEP_ALL });
        const whole = truth.events
          .filter((item) =>
            item.type === 'file-complete' ? item.ok !== false : item.event === 'file-complete',
          )
          .map((item) => `${number(item, 'size')} ${text(item, 'sha256')}`);
        expect(whole.length).toBeGreaterThan(2);
        expect(await stored(archive)).toEqual(expect.arrayContaining([...new Set(whole)]));
      }),
    );

    it.each(['ft-si-ibb-socks5', 'ft-jingle-ibb-s5b'])('XMPP %s', (name) =>
      opened(place, async (archive) => {
        const truth = readRecorded('xmpp', name) as unknown as {
          capture: string;
          files: Record<string, Item>;
        };
        await readInto(archive, corpusPath(`recorded/xmpp/${truth.capture}`));
        const whole = Object.values(truth.files)
          .filter(({ outcome }) => outcome === 'complete')
          .map((file) => `${number(file, 'size')} ${text(file, 'sha256')}`);
        expect(await stored(archive)).toEqual([...new Set(whole)].sort());
      }),
    );

    it('IRC DCC: of a resumed file the tail, which is said', () =>
      opened(place, async (archive) => {
        await readInto(archive, corpusPath('recorded/irc/irssi-dcc-receiver.pcap'));
        const part = (await transfers(archive)).filter(({ state }) => state === 'part');
        expect(part.map(({ size }) => size)).toEqual([90_004 - 32_768]);
      }));
  });
});
