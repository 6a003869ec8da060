/**
 * An export that was interrupted anywhere, continued: the same octets as one that ran through. And what is changed
 * in an export afterwards: each change is named.
 */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { PublicKey } from '../../appliance/archive/evidence/public-key.ts';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { SigningKey } from '../../appliance/archive/evidence/signing-key.ts';
import { EXPORT_FORMATS } from '../../appliance/archive/export/export-format.ts';
import { verifyExport } from '../../appliance/archive/export/verify-export.ts';
import { walkFolder } from '../../appliance/archive/export/walk-folder.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { homePaths, readTarget } from '../../appliance/archive/target.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { exportTo } from '../support/export-for-test.ts';
import { fillArchive, hostileEvents } from '../support/hostile-archive.ts';

/** Without the long ones: what is tested is not how fast they are. */
const EVENTS = hostileEvents().filter(({ line }) => line.length < 5000);
/** Named in the manifest and its kin: when, how often it was continued. */
const OWN = new Set(['manifest.json', 'manifest.sig']);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describeEachDatabase('exports that are interrupted', (_open, place) => {
  it.each(EXPORT_FORMATS)('%s ends with the same octets', async (format) => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await Signer.open(archive);
      await fillArchive(archive, EVENTS);
      const whole = join(folder, 'whole');
      await exportTo(archive, whole, format);
      for (const [n, after] of [10, EVENTS.length - 20].entries()) {
        const out = join(folder, `out-${n}`);
        const dying = { ...archive, vault: diesAfter(archive, after) };
        await expect(exportTo(dying, out, format, { saveEvery: 7 })).rejects.toThrow('power cut');
        const problem = (await verifyExport(out, undefined)).problem;
        expect(problem).toContain('not finished');
        await expect(exportTo(archive, out, format)).rejects.toThrow('not finished');
        const manifest = await exportTo(archive, out, format, { resume: true, saveEvery: 7 });
        expect(manifest?.resumed).toBe(1);
        expect(contents(out)).toEqual(contents(whole));
        expect((await verifyExport(out, undefined)).problem).toBeUndefined();
      }
    } finally {
      await archive.close();
    }
  });
});

describe('an export', () => {
  async function exported(format: 'jsonl' | 'eml'): Promise<{ out: string; key: PublicKey }> {
    const target = readTarget(join(folder, 'archive.db'));
    const archive = await openArchive(target, { create: true });
    await Signer.open(archive);
    await fillArchive(archive, EVENTS.slice(0, 40));
    const out = join(folder, 'out');
    await exportTo(archive, out, format);
    await archive.close();
    return { out, key: PublicKey.fromFile(homePaths(target).publicKey) };
  }

  it('is stopped and continued where it was asked to', async () => {
    const archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
    await fillArchive(archive, EVENTS);
    const stop = AbortSignal.abort();
    const out = join(folder, 'out');
    expect(await exportTo(archive, out, 'eml', { signal: stop })).toBeUndefined();
    const manifest = await exportTo(archive, out, 'eml', { resume: true });
    await archive.close();
    expect(manifest?.unsigned).toBeDefined();
    expect(await verifyExport(out, undefined)).toMatchObject({
      problem: undefined,
      key: undefined,
    });
  });

  it('overwrites nothing', async () => {
    const archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'mine'), 'mine');
    await expect(exportTo(archive, join(folder, 'out'), 'csv')).rejects.toThrow('is not empty');
    await expect(exportTo(archive, join(folder, 'out'), 'csv', { resume: true })).rejects.toThrow(
      'no export that was interrupted',
    );
    await archive.close();
    expect(readFileSync(join(folder, 'out', 'mine'), 'utf8')).toBe('mine');
  });

  it.each<[string, string, (out: string) => void]>([
    ['a changed octet', 'events.jsonl: was changed', (out) => change(join(out, 'events.jsonl'))],
    [
      'a longer file',
      'events.jsonl: was changed',
      (out) => appendFileSync(join(out, 'events.jsonl'), '\n'),
    ],
    [
      'a file that is gone',
      'records.jsonl: is missing',
      (out) => rmSync(join(out, 'records.jsonl')),
    ],
    ['a file that was added', 'z.txt: was added', (out) => writeFileSync(join(out, 'z.txt'), '')],
    [
      'a file in a folder',
      'a/b: was added',
      (out) => {
        mkdirSync(join(out, 'a'));
        writeFileSync(join(out, 'a', 'b'), '');
      },
    ],
    [
      'a link',
      'README.txt: is missing',
      (out) => {
        renameSync(join(out, 'README.txt'), join(out, '..', 'README.txt'));
        symlinkSync('../README.txt', join(out, 'README.txt'));
      },
    ],
    [
      'a changed manifest',
      'manifest.json: was changed',
      (out) => change(join(out, 'manifest.json')),
    ],
    [
      'a changed list',
      'SHA256SUMS: was changed',
      (out) => appendFileSync(join(out, 'SHA256SUMS'), '\n'),
    ],
    ['no signature', 'manifest.sig: is missing', (out) => rmSync(join(out, 'manifest.sig'))],
    ['no manifest', 'manifest.json: is missing', (out) => rmSync(join(out, 'manifest.json'))],
  ])('with %s is not what it was', async (_what, problem, alter) => {
    const { out, key } = await exported('jsonl');
    expect((await verifyExport(out, key)).problem).toBeUndefined();
    alter(out);
    expect((await verifyExport(out, key)).problem).toContain(problem);
    expect((await verifyExport(out, undefined)).problem).toContain(problem);
  });

  it('made anew by somebody else is not signed by the key', async () => {
    const { out, key } = await exported('eml');
    const forger = SigningKey.generate();
    const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');
    writeFileSync(join(out, 'manifest.sig'), `${forger.sign(manifest)}\n`);
    writeFileSync(join(out, 'signing.pub.pem'), forger.publicPem);
    expect((await verifyExport(out, undefined)).problem).toBeUndefined();
    expect((await verifyExport(out, key)).problem).toContain('is not signed by the key');
  });

  it.each<[string, string, (line: Record<string, unknown>) => void]>([
    [
      'an envelope',
      'its hash does not follow',
      (line) => {
        line.envelope = String(line.envelope).replace('alice', 'carol');
      },
    ],
    [
      'a content',
      'its content is not the one',
      (line) => {
        line.content = String(line.content).replace('hello', 'goodbye');
      },
    ],
    [
      'a hash',
      'its hash does not follow',
      (line) => {
        line.hash = '0'.repeat(64);
      },
    ],
  ])(
    'proves its records: %s that was changed, and all lists with it',
    async (_what, problem, alter) => {
      const { out } = await exported('jsonl');
      const path = join(out, 'records.jsonl');
      const records = readFileSync(path, 'utf8').split('\n');
      const line = JSON.parse(records[1] ?? '');
      alter(line);
      records[1] = JSON.stringify(line);
      const { verifyRecords } = await import('../../appliance/archive/export/verify-records.ts');
      const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
      expect((await verifyRecords(out, manifest)).problem).toBeUndefined();
      writeFileSync(path, records.join('\n'));
      expect((await verifyRecords(out, manifest)).problem).toContain(problem);
    },
  );
});

/** A vault that works for so many records, then ends the run. */
function diesAfter({ vault }: Archive, records: number): Archive['vault'] {
  let left = records;
  return {
    ...vault,
    unseal(id, stored) {
      if (left-- <= 0) throw new Error('power cut');
      return vault.unseal(id, stored);
    },
  };
}

function contents(out: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of walkFolder(out)) {
    if (!OWN.has(name)) found[name] = readFileSync(join(out, name), 'latin1');
  }
  return found;
}

function change(path: string): void {
  const octets = readFileSync(path);
  const at = Math.floor(octets.length / 2);
  octets[at] = (octets[at] ?? 0) ^ 1;
  writeFileSync(path, octets);
}
