import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../cli/user-error.ts';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { SILENT_LOG } from '../log/log.ts';
import { changeOver } from './change-over.ts';
import { EventsRecord } from './events-record.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');
const to = (eventsFile: string | undefined) => ({ ...DEFAULT_SETTINGS, eventsFile });
const line = (n: number) => Buffer.from(`{"n":${n}}\n`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sp-events-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function record(path: string | undefined, inputs: readonly string[] = []): EventsRecord {
  return new EventsRecord(path, {
    log: SILENT_LOG,
    onReaderGone: () => undefined,
    patience: 50,
    inputs: () => inputs,
  });
}

test('every line is in one file or the other, whole, also where it was being written', async () => {
  const events = record(at('a'));
  const many = Buffer.concat(Array.from({ length: 50_000 }, (_, n) => line(n)));
  const last = events.write(many); // under way when the file changes
  expect(await changeOver([events], to(at('b')))).toEqual([]);
  await last;
  await events.write(line(50_000));
  expect(read('a')).toBe(many.toString());
  expect(read('b')).toBe('{"n":50000}\n');
  expect(events.lost).toBe(0);
  events.close();
});

test('a file that is renamed away is opened anew at a reload, and no line is torn', async () => {
  const events = record(at('a'));
  const many = Buffer.concat(Array.from({ length: 50_000 }, (_, n) => line(n)));
  const last = events.write(many);
  renameSync(at('a'), at('a.1'));
  await changeOver([events], to(at('a')));
  await last;
  await events.write(line(1));
  expect(read('a.1')).toBe(many.toString());
  expect(read('a')).toBe('{"n":1}\n');
  events.close();
});

test('from none to a file, and back to none', async () => {
  const events = record(undefined);
  await events.write(line(0));
  await changeOver([events], to(at('a')));
  await events.write(line(1));
  await changeOver([events], to(undefined));
  await events.write(line(2));
  expect(read('a')).toBe('{"n":1}\n');
  events.close();
});

test('what cannot be opened, or is read, leaves the file before in use', async () => {
  writeFileSync(at('rules.yaml'), 'sallyport: 1\n');
  const events = record(at('a'), [at('rules.yaml')]);
  for (const wrong of [at('no/such/folder'), at('rules.yaml')]) {
    await expect(events.prepare(to(wrong))).rejects.toThrow(UserError);
    await events.write(line(1));
  }
  expect(read('a')).toBe('{"n":1}\n{"n":1}\n');
  expect(read('rules.yaml')).toBe('sallyport: 1\n');
  events.close();
});

test('where another part cannot go over, events go on as before', async () => {
  const events = record(at('a'));
  const refusing = { prepare: () => Promise.reject(new Error('no')) };
  expect(await changeOver([events, refusing], to(at('b')))).toEqual(['no']);
  await events.write(line(1));
  expect(read('a')).toBe('{"n":1}\n');
  expect(existsSync(at('b')) && read('b')).toBe('');
  events.close();
});

test('lines lost of the file before are not forgotten, the last ones included', async () => {
  const events = record('/dev/full');
  await events.write(line(1));
  const last = events.write(line(2));
  await changeOver([events], to(at('b')));
  await last;
  await events.write(line(3));
  expect(events.lost).toBe(2);
  expect(read('b')).toBe('{"n":3}\n');
  events.close();
});
