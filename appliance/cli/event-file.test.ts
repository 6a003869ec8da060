import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readEventFile, readEvents } from './event-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'events');
  writeFileSync(path, text);
  return path;
}

async function all(path: string): Promise<string[]> {
  const kinds: string[] = [];
  for await (const event of readEvents(path)) kinds.push(event.kind);
  return kinds;
}

describe('one event as JSON', () => {
  test('over several lines', () => {
    const [event] = readEventFile(file('{\n  "kind": "message",\n  "text": "hi"\n}\n'));
    expect(event).toMatchObject({ kind: 'message', text: 'hi' });
  });

  test('several, a line each', () => {
    expect(readEventFile(file('{"kind":"message"}\n{"kind":"gap"}\n'))).toHaveLength(2);
  });

  test.each([
    ['', /is empty; expected an event as JSON/],
    ['{"kind":', /events: this is not JSON/],
    ['{"kind":"message","txt":"x"}', /this is no event: txt: there is no such field/],
    ['[]', /this is no event/],
  ])('%j is refused', (text, message) => {
    expect(() => readEventFile(file(text))).toThrow(message);
  });
});

describe('many events as JSONL', () => {
  test('empty lines do not count, nor does the line end', async () => {
    expect(await all(file('{"kind":"message"}\r\n\r\n{"kind":"gap"}'))).toEqual(['message', 'gap']);
  });

  test('a problem names its line', async () => {
    await expect(all(file('{"kind":"message"}\n\n{"kind":"x"}\n'))).rejects.toThrow(/events:3: /);
  });

  test('a file that is not there', async () => {
    await expect(all(join(folder, 'none'))).rejects.toThrow(/none: no such file/);
  });

  test('a directory', async () => {
    await expect(all(folder)).rejects.toThrow(/is a directory/);
  });
});
