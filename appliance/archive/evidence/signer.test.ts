import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Archive } from '../archive.ts';
import { openArchive } from '../open-archive.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { homePaths, readTarget } from '../target.ts';
import { recordAudit } from './audit.ts';
import { checkpointText } from './checkpoint-text.ts';
import { decodeLine } from './checkpoints-file.ts';
import { PublicKey } from './public-key.ts';
import { Signer } from './signer.ts';
import { SigningKey } from './signing-key.ts';
import { verifyArchive } from './verify/verify-archive.ts';

let folder: string;
let archive: Archive;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signer-'));
  archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
});
afterEach(async () => {
  await archive.close();
  rmSync(folder, { recursive: true });
});

async function envelopes() {
  const rows = await archive.database.rows<{ envelope: Uint8Array }>(
    'SELECT envelope FROM record ORDER BY sequence',
  );
  return rows.map(({ envelope }) => decodeEnvelope(envelope));
}

function outside() {
  const lines = readFileSync(homePaths(archive.target).checkpoints, 'utf8').trimEnd().split('\n');
  return lines.map((line) => decodeLine(line));
}

describe('a second home folder', () => {
  const elsewhere = () =>
    openArchive(readTarget(join(folder, 'archive.db'), join(folder, 'other-home')));

  test('with a key of its own is refused when it opens the archive, before anything is signed', async () => {
    const { fingerprint } = await Signer.open(archive);
    const second = await elsewhere();
    try {
      await expect(Signer.open(second)).rejects.toThrow(
        `signing.pem: there is no signing key: this archive is signed with ${fingerprint.slice(0, 16)}`,
      );
      const { signingKey } = homePaths(second.target);
      writeFileSync(signingKey, SigningKey.generate().pem, { mode: 0o600 });
      await expect(Signer.open(second)).rejects.toThrow('signing.pem: is another signing key');
      expect(await envelopes()).toEqual([]);
    } finally {
      await second.close();
    }
  });
});

describe('checkpoints', () => {
  test('the key is made at first use, for its owner alone, and told of in the record', async () => {
    const signer = await Signer.open(archive);
    await signer.append([]);
    const { signingKey, publicKey } = homePaths(archive.target);
    expect(statSync(signingKey).mode & 0o777).toBe(0o600);
    expect(PublicKey.fromFile(publicKey).fingerprint).toBe(signer.fingerprint);
    const [introduction, checkpoint] = await envelopes();
    expect(introduction?.audit).toMatchObject({
      action: 'key',
      details: { key: 'signing', what: 'made', fingerprint: signer.fingerprint },
    });
    expect(checkpoint?.checkpoint).toMatchObject({ upTo: 1, key: signer.fingerprint });
  });

  test('a signature covers the end of the chain, and stands outside of the database too', async () => {
    const signer = await Signer.open(archive);
    const line = await signer.checkpoint();
    expect(line).toBeUndefined(); // nothing was recorded
    await recordAudit(archive, 'search', { text: 'falcon' });
    const [row] = await archive.database.rows<{ hash: Uint8Array }>(
      'SELECT hash FROM record WHERE sequence = 2',
    );
    const last = (await envelopes()).at(-1);
    expect(last?.checkpoint?.upTo).toBe(2);
    expect(last?.checkpoint?.hash).toBe(Buffer.from(row?.hash ?? []).toString('hex'));
    const key = PublicKey.fromFile(homePaths(archive.target).publicKey);
    const { checkpoint, at } = last ?? {};
    if (checkpoint === undefined || at === undefined) throw new Error('no checkpoint');
    expect(key.proves(checkpointText(checkpoint, at), checkpoint.signature)).toBe(true);
    expect(key.proves(checkpointText({ ...checkpoint, upTo: 1 }, at), checkpoint.signature)).toBe(
      false,
    );
    expect(outside()).toEqual([{ ...checkpoint, at }]);
    expect(await signer.checkpoint()).toBeUndefined(); // signed already
  });

  test('the file outside is brought up to date when the archive is opened again', async () => {
    const signer = await Signer.open(archive);
    await signer.append([]);
    await archive.database.transaction((database) => signer.within(database, [])); // died here
    expect(outside()).toHaveLength(1);
    await Signer.open(archive);
    expect(outside().map((line) => line?.upTo)).toEqual([1, 2]);
  });

  test('killed while its files were made, or before its first line there, the record is whole', async () => {
    const { publicKey, checkpoints } = homePaths(archive.target);
    await Signer.open(archive);
    rmSync(publicKey); // killed before it was made
    const signer = await Signer.open(archive);
    expect(PublicKey.fromFile(publicKey).fingerprint).toBe(signer.fingerprint);
    await archive.database.transaction((database) => signer.within(database, [])); // died here
    const { clean, notProven } = await verifyArchive(archive);
    expect(clean).toBe(true);
    expect(notProven.join('\n')).toContain('1 checkpoint at the end: not yet in checkpoints.jsonl');
    rmSync(checkpoints);
    expect((await verifyArchive(archive)).firstBreak?.what).toBe('removed');
    await Signer.open(archive);
    expect(outside().map((line) => line?.upTo)).toEqual([1]);
  });

  test('what somebody changed is not signed, and goes on being recorded', async () => {
    await (await Signer.open(archive)).append([]);
    await archive.database.run('UPDATE record SET hash = envelope WHERE sequence = 1');
    await recordAudit(archive, 'search', { text: 'falcon' });
    expect((await envelopes()).map(({ kind }) => kind)).toEqual(['audit', 'checkpoint', 'audit']);
    const signer = await Signer.open(archive);
    expect(await signer.checkpoint()).toBeUndefined();
    expect(signer.refusal).toContain('record 1 is not what was signed');
  });

  test('another home folder does not sign', async () => {
    await (await Signer.open(archive)).append([]);
    const elsewhere = { ...archive.target, home: join(folder, 'other') };
    await expect(Signer.open({ ...archive, target: elsewhere })).rejects.toThrow(/no signing key/);
  });
});
