/** A sound archive, with purges, erasures, two writers, files and several checkpoints, verifies clean. */
import { expect, it } from 'vitest';
import { PublicKey } from '../../appliance/archive/evidence/public-key.ts';
import { rotateSigningKey } from '../../appliance/archive/evidence/rotate-signing-key.ts';
import { Signer } from '../../appliance/archive/evidence/signer.ts';
import { SigningKey } from '../../appliance/archive/evidence/signing-key.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { homePaths } from '../../appliance/archive/target.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { append, evidenceArchive } from '../support/evidence-archive.ts';

describeEachDatabase('a sound archive', (_open, place) => {
  it('is proven, with what is gone and who said so', async () => {
    const target = await place();
    const archive = await evidenceArchive(target);
    try {
      const report = await verifyArchive(archive, { index: true, files: true });
      expect(report.listed).toEqual([]);
      expect(report).toMatchObject({
        ...{ clean: true, checkpoints: 3, trust: 'home', files: 1 },
        counts: { purged: 2, erased: 1, kinds: { event: 14, ledger: 1, checkpoint: 3 } },
      });
      expect(report.signed?.upTo).toBe(report.last - 3); // the checkpoint itself, and two events
      expect(report.notProven.join('\n')).toContain('2 records after the last checkpoint');
      const key = PublicKey.fromFile(homePaths(target).publicKey);
      const given = await verifyArchive(archive, { publicKeys: [key] });
      expect(given).toMatchObject({ clean: true, trust: 'given' });
    } finally {
      await archive.close();
    }
    const rotated = await openArchive(target);
    const first = PublicKey.fromFile(homePaths(target).publicKey);
    const running = await Signer.open(rotated); // a gateway that goes on
    await rotateSigningKey(rotated, 'yearly');
    await append(rotated, [
      '{"v":1,"id":"x","ts":"2026-11-25T12:00:00.000000Z","kind":"presence","service":"xmpp","visibility":"content"}',
    ]);
    expect((await running.checkpoint())?.key).not.toBe(first.fingerprint);
    // The first key vouches for the second, and the second one's checkpoints cover the first one's.
    const second = PublicKey.fromFile(homePaths(target).publicKey);
    for (const publicKeys of [[first], [second], []]) {
      const report = await verifyArchive(rotated, { publicKeys });
      expect(report.listed).toEqual([]);
      expect(report.signed?.key).toBe(second.fingerprint);
    }
    const stranger = SigningKey.generate().publicKey;
    expect((await verifyArchive(rotated, { publicKeys: [stranger] })).firstBreak).toMatchObject({
      ...{ what: 'forged', where: 'checkpoint' },
    });
    await rotated.close();
    const readOnly = await openArchive(target, { readOnly: true });
    const report = await verifyArchive(readOnly, { from: 20 });
    await readOnly.close();
    expect(report.listed).toEqual([]);
    expect(report.first).toBeGreaterThan(1); // a checkpoint before 20
    expect(report.notProven.join('\n')).toContain('What is before record');
  });
});
