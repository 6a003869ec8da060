import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FileWatch } from './watch-files.ts';

let folder = '';
let watched: FileWatch | undefined;
let told = 0;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-watch-'));
  told = 0;
});
afterEach(() => {
  watched?.close();
  rmSync(folder, { recursive: true });
});

function follow(names: readonly string[], lookEvery = 60_000): void {
  watched = new FileWatch(
    () => {
      told++;
    },
    { settle: 20, lookEvery },
  );
  watched.set(names.map(at));
}

const until = (times: number) => vi.waitFor(() => expect(told).toBe(times), 10_000);
/** Long enough for what must not be told. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 200));

test('folders within a folder that look like rule files are not walked: links can make a maze', async () => {
  for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) symlinkSync('.', at(name));
  const began = performance.now();
  follow(['.']);
  expect(performance.now() - began).toBeLessThan(1000);
  writeFileSync(at('d.yaml'), 'one');
  await until(1);
});

describe('tells', () => {
  test('of a file that is written in place', async () => {
    writeFileSync(at('a.yaml'), 'one');
    follow(['a.yaml']);
    writeFileSync(at('a.yaml'), 'two');
    await until(1);
  });

  test('of a file that is replaced by renaming, each time', async () => {
    writeFileSync(at('a.yaml'), 'one');
    follow(['a.yaml']);
    for (const times of [1, 2, 3]) {
      writeFileSync(at('.a.yaml.swp'), `number ${times}`);
      renameSync(at('.a.yaml.swp'), at('a.yaml'));
      await until(times);
    }
  });

  test('once of several changes together', async () => {
    writeFileSync(at('a.yaml'), 'one');
    writeFileSync(at('b.txt'), 'one');
    follow(['a.yaml', 'b.txt']);
    for (let i = 0; i < 5; i++) {
      writeFileSync(at('a.yaml'), `a ${i}`);
      writeFileSync(at('b.txt'), `b ${i}`);
    }
    await until(1);
    await quiet();
    expect(told).toBe(1);
  });

  test('of rule files that come into a folder, change and go', async () => {
    mkdirSync(at('policy'));
    follow(['policy']);
    writeFileSync(at('policy/a.yaml'), 'one');
    await until(1);
    writeFileSync(at('policy/a.yaml'), 'two!');
    await until(2);
    rmSync(at('policy/a.yaml'));
    await until(3);
  });

  test('of a folder that appears later, and of what comes into it', async () => {
    follow(['etc/policy']);
    mkdirSync(at('etc'));
    mkdirSync(at('etc/policy'));
    await until(1);
    writeFileSync(at('etc/policy/a.yaml'), 'one');
    await until(2);
  });

  test('of a whole folder swapped behind a symbolic link', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(at(name));
      writeFileSync(at(`${name}/a.yaml`), name);
    }
    symlinkSync('one', at('..data'));
    symlinkSync('..data/a.yaml', at('a.yaml'));
    follow(['a.yaml']);
    symlinkSync('two', at('..next'));
    renameSync(at('..next'), at('..data'));
    await until(1);
  });

  test('of what nobody notified it of, when it looks the next time', async () => {
    mkdirSync(at('elsewhere'));
    writeFileSync(at('elsewhere/list.txt'), 'one');
    symlinkSync('elsewhere/list.txt', at('list.txt'));
    follow(['list.txt'], 50);
    writeFileSync(at('elsewhere/list.txt'), 'two!');
    await until(1);
  });
});

describe('is quiet', () => {
  test('about other files of the folder, and about being read', async () => {
    writeFileSync(at('a.yaml'), 'one');
    follow(['a.yaml']);
    writeFileSync(at('other.txt'), 'x');
    writeFileSync(at('a.yaml~'), 'x');
    await quiet();
    expect(told).toBe(0);
  });

  test('about files that it no longer follows, and once it is closed', async () => {
    writeFileSync(at('a.yaml'), 'one');
    writeFileSync(at('b.yaml'), 'one');
    follow(['a.yaml', 'b.yaml']);
    watched?.set([at('b.yaml')]);
    writeFileSync(at('a.yaml'), 'two!');
    await quiet();
    expect(told).toBe(0);
    watched?.close();
    writeFileSync(at('b.yaml'), 'two!');
    await quiet();
    expect(told).toBe(0);
  });
});
