/** An archive that began to encrypt: what was said before is found, held, purged and proven with what came after. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { countHeld, makeHold } from '../../appliance/archive/retention/holds.ts';
import { purgeArchive } from '../../appliance/archive/retention/purge-archive.ts';
import { RetentionRules } from '../../appliance/archive/retention/retention-rules.ts';
import { makeKeyFile } from '../../appliance/archive/vault/key-file.ts';
import { openVault } from '../../appliance/archive/vault/open-vault.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';
import { messageLine } from '../support/archive-lines.ts';

const TIME = Date.UTC(2020, 0, 1) * 1000;
const RULE = { service: undefined, group: undefined, tag: undefined, days: 1 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-mixed-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeEachDatabase('an archive that began to encrypt', (_open, place) => {
  it('is one archive', async () => {
    const target = await place();
    const append = async (keyFile: string | undefined, texts: readonly string[]) => {
      const settings = { keyFile, keyCommand: undefined, index: 'blind' as const };
      const vault = openVault(target, settings, { create: true });
      const archive = await openArchive(target, { create: true, vault });
      const drafts = new EventDrafts();
      await new Appender(archive).append(
        texts.flatMap((text) => drafts.read(messageLine({ time: TIME, text })) ?? []),
      );
      return archive;
    };
    await (await append(undefined, ['the falcon of old', 'lunch of old'])).close();
    const keyFile = join(folder, 'kek');
    makeKeyFile(keyFile);
    const archive = await append(keyFile, ['the falcon of now', 'lunch of now']);
    const { database, vault } = archive;
    expect(await countHeld(database, vault, { text: 'falcon' })).toBe(2);
    expect(await countHeld(database, vault, { text: '"falcon of" -now' })).toBe(1);
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    await makeHold(archive, 'case-1', { text: 'falcon' });

    // Without the key what is held cannot be told: nothing is purged.
    const rules = new RetentionRules([RULE], TIME + 2 * 86_400e6);
    const locked = { ...archive, vault: openVault(target, undefined) };
    await expect(purgeArchive(locked, { rules })).rejects.toThrow('no key was given');
    const report = await purgeArchive(archive, { rules });
    expect(report.byRule[0]).toMatchObject({ purged: 2, held: 2 });
    expect((await verifyArchive(archive, { index: true })).listed).toEqual([]);
    // Nor is the key needed to prove the record.
    expect((await verifyArchive(locked)).listed).toEqual([]);
    await archive.close();
  });
});
