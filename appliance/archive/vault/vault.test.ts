import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTarget } from '../target.ts';
import { keyCommand } from './key-command.ts';
import { keyFile, makeKeyFile } from './key-file.ts';
import { KeyStore } from './key-store.ts';
import { openVault } from './open-vault.ts';
import { PLAIN_VAULT } from './plain-vault.ts';
import { storePlain } from './stored-form.ts';

const TEXT = Buffer.from('{"text":"the eagle lands at noon"}');
const ID = '0192f0c4-1111-7222-8333-444455556666';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-vault-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const target = () => readTarget(at('archive.db'));
const byFile = (name = 'kek', index: 'blind' | 'off' = 'blind') => ({
  keyFile: at(name),
  keyCommand: undefined,
  index,
});

function sealing(name = 'kek', index: 'blind' | 'off' = 'blind') {
  if (!readdirSync(folder).includes(name)) makeKeyFile(at(name));
  return openVault(target(), byFile(name, index), { create: true });
}

describe('plain', () => {
  test('is read back, and its digest tells nothing of the text', () => {
    const [one, two] = [PLAIN_VAULT.seal('a', ID, TEXT), PLAIN_VAULT.seal('a', ID, TEXT)];
    expect(PLAIN_VAULT.unseal(ID, one)).toEqual(TEXT);
    expect(one).not.toEqual(two);
    expect(one.length).toBe(17 + TEXT.length);
  });

  test('octets that are no stored form are named', () => {
    expect(() => PLAIN_VAULT.unseal(ID, TEXT)).toThrow(`content of event ${ID} cannot be read`);
    expect(() => PLAIN_VAULT.unseal(ID, new Uint8Array(0))).toThrow('stored form is unknown');
  });
});

describe('sealed', () => {
  test('is read back by another process, and by nobody without the key', () => {
    const vault = sealing();
    const stored = vault.seal('Alice Martin', ID, TEXT);
    vault.close();
    expect(Buffer.from(stored).includes('eagle')).toBe(false);
    expect(stored[0]).toBe(1);

    const again = openVault(target(), byFile());
    expect(Buffer.from(again.unseal(ID, stored) ?? [])).toEqual(TEXT);
    again.close();

    const locked = openVault(target(), undefined);
    expect(locked.locked).toBe(true);
    expect(() => locked.unseal(ID, stored)).toThrow(
      'content cannot be read: this archive is encrypted',
    );
    expect(() => locked.seal('a', ID, TEXT)).toThrow('content cannot be stored');
    expect(() => locked.terms(['eagle'])).toThrow('text cannot be searched');
    expect(locked.unseal(ID, storePlain(TEXT))).toEqual(TEXT);
  });

  test('every octet is bound: to the record, to its key, to what it was', () => {
    const vault = sealing();
    const stored = Buffer.from(vault.seal('a', ID, TEXT));
    const other = vault.seal('b', ID, TEXT);
    for (let i = 0; i < stored.length; i++) {
      const changed = Buffer.from(stored);
      // Not 1: a first octet of 0 is the plain form; that what is stored was replaced is what the chain tells.
      changed[i] = (changed[i] ?? 0) ^ 2;
      expect(() => vault.unseal(ID, changed), `octet ${i}`).toThrow(/cannot be read|is not in/);
    }
    for (let cut = 0; cut < stored.length; cut++) {
      expect(() => vault.unseal(ID, stored.subarray(0, cut)), `cut at ${cut}`).toThrow();
    }
    expect(() => vault.unseal(`${ID}x`, stored)).toThrow(
      `content of event ${ID}x cannot be read: it is not what was sealed`,
    );
    const moved = Buffer.from(stored);
    moved.set(Buffer.from(other).subarray(1, 5), 1);
    expect(() => vault.unseal(ID, moved)).toThrow('not what was sealed');
    vault.close();
  });

  test('old content of a plain archive is read on', () => {
    const vault = sealing();
    expect(vault.unseal(ID, storePlain(TEXT))).toEqual(TEXT);
    vault.close();
  });

  test('one key a subject; a destroyed one erases, and what comes gets a new one', () => {
    const vault = sealing();
    const alice = vault.seal('Alice', ID, TEXT);
    const bob = vault.seal('Bob', ID, TEXT);
    expect(Buffer.from(alice).subarray(1, 5)).not.toEqual(Buffer.from(bob).subarray(1, 5));

    const keys = join(`${at('archive.db')}.d`, 'keys.db');
    const other = new KeyStore(keys, undefined);
    const wrapped = rawWrapped(keys);
    expect(other.destroy(['Alice'])).toBe(1);
    other.scrub();
    other.close();

    vault.refresh?.();
    expect(vault.unseal(ID, alice)).toBeUndefined();
    expect(vault.unseal(ID, bob)).toEqual(TEXT);
    const later = vault.seal('Alice', ID, TEXT);
    expect(Buffer.from(later).subarray(1, 5)).not.toEqual(Buffer.from(alice).subarray(1, 5));
    expect(vault.unseal(ID, later)).toEqual(TEXT);
    expect(wrapped).toHaveLength(2);
    for (const name of readdirSync(`${at('archive.db')}.d`)) {
      const octets = readFileSync(join(`${at('archive.db')}.d`, name));
      expect(octets.includes(wrapped[0] ?? ''), name).toBe(false);
    }
    vault.close();
  });

  test('two that meet a subject at the same time agree on its key', () => {
    const one = sealing();
    const two = sealing();
    const stored = one.seal('Alice', ID, TEXT);
    expect(Buffer.from(two.seal('Alice', ID, TEXT)).subarray(1, 5)).toEqual(
      Buffer.from(stored).subarray(1, 5),
    );
    expect(two.unseal(ID, stored)).toEqual(TEXT);
    one.close();
    two.close();
  });

  test('a key of no archive is named', () => {
    const vault = sealing();
    const stored = Buffer.from(vault.seal('a', ID, TEXT));
    stored.writeUInt32BE(77, 1);
    expect(() => vault.unseal(ID, stored)).toThrow(/^key 77 is not in .*keys\.db$/);
    vault.close();
  });
});

describe('index', () => {
  test('blind terms are the same for a word, in every process, and say nothing of it', () => {
    const vault = sealing();
    const [eagle, noon] = vault.terms(['eagle', 'noon']);
    expect(eagle).toMatch(/^[a-p][a-z2-7]{11}$/);
    expect(noon).not.toBe(eagle);
    vault.close();
    const again = sealing();
    expect(again.terms(['noon', 'eagle'])).toEqual([noon, eagle]);
    again.close();
    rmSync(`${at('archive.db')}.d`, { recursive: true });
    const other = sealing();
    expect(other.terms(['eagle'])).not.toEqual([eagle]);
    other.close();
  });

  test('off: there are none, and it is said', () => {
    const vault = sealing('kek', 'off');
    expect(vault.index).toBe('off');
    expect(() => vault.terms(['eagle'])).toThrow('no search index');
    vault.close();
    expect(openVault(target(), undefined).index).toBe('off');
  });
});

describe('key file', () => {
  test.each<[what: string, octets: number, mode: number, says: string]>([
    ['short', 31, 0o600, 'holds 31 octets, and a key has 32'],
    ['long', 33, 0o600, 'holds 33 octets'],
    ['empty', 0, 0o600, 'holds 0 octets'],
    ['read by the group', 32, 0o640, 'can be read by others than its owner (mode 0640)'],
    ['read by all', 32, 0o604, 'mode 0604'],
  ])('%s', (_what, octets, mode, says) => {
    writeFileSync(at('kek'), Buffer.alloc(octets, 7));
    chmodSync(at('kek'), mode);
    expect(() => keyFile(at('kek'))).toThrow(says);
  });

  test('not there, a folder', () => {
    expect(() => keyFile(at('kek'))).toThrow('the key cannot be read: no such file');
    expect(() => keyFile(folder)).toThrow(folder);
  });

  test('another key than that of the archive is named, and makes nothing', () => {
    const vault = sealing();
    const stored = vault.seal('a', ID, TEXT);
    vault.close();
    makeKeyFile(at('other'));
    expect(() => openVault(target(), byFile('other'))).toThrow(
      /other: is not the key that the keys of this archive are wrapped by \(this one is file:[0-9a-f]{16}\)/,
    );
    const again = openVault(target(), byFile());
    expect(again.unseal(ID, stored)).toEqual(TEXT);
    again.close();
  });

  test('is never overwritten', () => {
    const id = makeKeyFile(at('kek'));
    expect(() => makeKeyFile(at('kek'))).toThrow('is there already');
    expect(keyFile(at('kek')).id).toBe(id);
  });
});

describe('rotation', () => {
  test('wraps every key again: the old key opens nothing, content stays as it is', () => {
    const vault = sealing();
    const stored = ['a', 'b', 'c'].map((subject) => vault.seal(subject, ID, TEXT));
    const terms = vault.terms(['eagle']);
    makeKeyFile(at('new'));
    const keys = join(`${at('archive.db')}.d`, 'keys.db');
    const store = new KeyStore(keys, keyFile(at('kek')));
    const before = rawWrapped(keys);
    expect(store.rewrap(keyFile(at('new')))).toBe(3);
    store.close();
    const octets = readFileSync(keys);
    for (const wrapped of before) expect(octets.includes(wrapped)).toBe(false);

    expect(() => openVault(target(), byFile())).toThrow('is not the key');
    const again = openVault(target(), byFile('new'));
    for (const one of stored) expect(again.unseal(ID, one)).toEqual(TEXT);
    expect(again.terms(['eagle'])).toEqual(terms);
    again.close();

    // One that was open goes on once its key file is the new one.
    vault.refresh?.();
    expect(() => vault.seal('d', ID, TEXT)).toThrow('is not the key');
    writeFileSync(at('kek'), readFileSync(at('new')));
    expect(vault.unseal(ID, vault.seal('d', ID, TEXT))).toEqual(TEXT);
    vault.close();
  });

  test('retired keys read on, and seal nothing', () => {
    const vault = sealing();
    const before = Buffer.from(vault.seal('a', ID, TEXT));
    const store = new KeyStore(join(`${at('archive.db')}.d`, 'keys.db'), undefined);
    expect(store.retire()).toBe(1);
    vault.refresh?.();
    const after = Buffer.from(vault.seal('a', ID, TEXT));
    expect(after.subarray(1, 5)).not.toEqual(before.subarray(1, 5));
    expect(vault.unseal(ID, before)).toEqual(TEXT);
    expect(store.counts()).toMatchObject({ subjects: 1, current: 1, retired: 1, destroyed: 0 });
    store.close();
    vault.close();
  });
});

describe('key command', () => {
  /** XOR: what matters is that both directions pass through it. */
  const SERVICE = `
    const [what] = process.argv.slice(2);
    const octets = Buffer.from(require('node:fs').readFileSync(0, 'latin1'), 'base64');
    const other = octets.map((octet) => octet ^ 0x5a);
    console.log(other.toString('base64'));
    if (what !== 'wrap' && what !== 'unwrap') process.exit(9);`;
  const service = () => {
    writeFileSync(at('kms.cjs'), SERVICE);
    return [process.execPath, at('kms.cjs')];
  };

  test('wraps and unwraps the master key, and is asked once an opening', () => {
    const settings = { keyFile: undefined, keyCommand: service(), index: 'blind' as const };
    const vault = openVault(target(), settings, { create: true });
    const stored = vault.seal('a', ID, TEXT);
    vault.close();
    const again = openVault(target(), settings);
    rmSync(at('kms.cjs'));
    expect(again.unseal(ID, stored)).toEqual(TEXT);
    expect(again.unseal(ID, again.seal('b', ID, TEXT))).toEqual(TEXT);
    again.close();
  });

  test('another key than it wrapped is noticed', () => {
    const settings = { keyFile: undefined, keyCommand: service(), index: 'blind' as const };
    openVault(target(), settings, { create: true }).close();
    writeFileSync(at('kms.cjs'), SERVICE.replace('0x5a', '0x5b'));
    expect(() => openVault(target(), settings)).toThrow(
      'gave another key than that of this archive',
    );
  });

  test.each<[what: string, script: string, says: string]>([
    [
      'fails',
      "echo 'access denied: no such key' >&2; echo more >&2; exit 3",
      'unwrap: ended with 3: access denied: no such key',
    ],
    ['fails without a word', 'exit 1', 'unwrap: ended with 1'],
    ['hangs', 'sleep 20', 'did not answer within 0.3 s'],
    ['hangs in a child that keeps its output', 'sleep 20 & wait', 'did not answer within 0.3 s'],
    ['prints too much', 'head -c 1000000 /dev/zero', 'answered with more than 16384 octets'],
    ['prints no base64', 'echo "sorry, not today"', 'answered with something that is no base64'],
    ['prints nothing', ':', 'answered with something that is no base64'],
    ['prints a short key', 'echo aGVsbG8=', 'unwrap gave 5 octets'],
    ['is ended', 'kill -9 $$', 'was ended by SIGKILL'],
  ])('that %s', (_what, script, says) => {
    const hangs = says.includes('did not answer');
    // Who answers has the time of a slow machine, and who never does is not waited for: `sleep 20` is not.
    const holder = keyCommand(['/bin/sh', '-c', script, 'kms'], hangs ? 300 : 60_000);
    const started = performance.now();
    expect(() => holder.unwrap(Buffer.alloc(48))).toThrow(says);
    if (hangs) expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('that is not there', () => {
    expect(() => keyCommand([at('nothing')]).wrap(Buffer.alloc(32))).toThrow(
      /key command .*nothing wrap: no such file or directory/,
    );
  });
});

/** Wrapped keys as they stand in the file. */
function rawWrapped(keys: string): Buffer[] {
  const file = new Database(keys, { readonly: true });
  try {
    return file
      .prepare('SELECT wrapped FROM data_key WHERE wrapped IS NOT NULL ORDER BY number')
      .pluck()
      .all() as Buffer[];
  } finally {
    file.close();
  }
}
