/** Events read back from files: one as JSON, or many as JSONL. Problems name file and line. */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { decodeEvent } from '../../src/event/decode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { systemErrorText, UserError } from './user-error.ts';

/** The events of a JSONL file, one by one; '-' is standard input. Throws UserError. */
export async function* readEvents(path: string): AsyncGenerator<ImEvent> {
  checkReadable(path);
  const input = path === '-' ? process.stdin : createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text.trim() !== '') yield parseEvent(text, `${shown(path)}:${line}`);
    }
  } finally {
    input.destroy();
  }
}

/** The event in a JSON file, or those of a JSONL file; '-' is standard input. Throws UserError. */
export function readEventFile(path: string): readonly ImEvent[] {
  checkReadable(path);
  const text = readFileSync(path === '-' ? 0 : path, 'utf8');
  if (text.trim() === '')
    throw new UserError(`${shown(path)}: is empty; expected an event as JSON`);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 1 && lines.every(looksWhole)) {
    return lines.map((line, i) => parseEvent(line, `${shown(path)}:${i + 1}`));
  }
  return [parseEvent(text, shown(path))];
}

function looksWhole(line: string): boolean {
  const text = line.trim();
  return text.startsWith('{') && text.endsWith('}');
}

function parseEvent(text: string, place: string): ImEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${place}: this is not JSON: ${why}`);
  }
  const { event, problems } = decodeEvent(json);
  if (event !== undefined) return event;
  const what = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  throw new UserError(`${place}: this is no event: ${what.join('; ')}`, 'Fields: docs/events.md');
}

function checkReadable(path: string): void {
  if (path === '-') return;
  try {
    if (statSync(path).isDirectory())
      throw new UserError(`${path}: is a directory, not a file of events`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: ${systemErrorText(error) ?? 'cannot be read'}`);
  }
}

function shown(path: string): string {
  return path === '-' ? 'standard input' : path;
}
