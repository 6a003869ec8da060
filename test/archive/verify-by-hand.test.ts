/** An outside auditor, with python3 and openssl and the documentation alone, comes to the same result. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { homePaths, readTarget } from '../../appliance/archive/target.ts';
import { evidenceArchive } from '../support/evidence-archive.ts';
import { needs } from '../support/need.ts';

const SCRIPT = join(import.meta.dirname, 'verify_by_hand.py');
const need = needs({ tools: ['python3', 'openssl'] });

test.skipIf(need.skip)(`the chain can be proven by hand${need.why}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
  const target = readTarget(join(folder, 'archive.db'));
  const archive = await evidenceArchive(target);
  const byHand = () => {
    const { publicKey } = homePaths(target);
    const run = spawnSync('python3', [SCRIPT, join(folder, 'archive.db'), publicKey]);
    return {
      code: run.status,
      report: JSON.parse(String(run.stdout) || '{}'),
      errors: String(run.stderr),
    };
  };
  try {
    const { last, hash, checkpoints, signed } = await verifyArchive(archive);
    expect(byHand()).toEqual({
      ...{ code: 0, errors: '' },
      report: { last, hash, checkpoints, signed: signed?.upTo, wrong: [] },
    });
    await archive.database.run('DELETE FROM record WHERE sequence = 5');
    expect(byHand()).toMatchObject({
      code: 1,
      report: { wrong: expect.arrayContaining(['record 5 is missing']) },
    });
  } finally {
    await archive.close();
    rmSync(folder, { recursive: true });
  }
});
