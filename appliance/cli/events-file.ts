/** `--events FILE`: JSONL beside the report. */
import { mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineWriter } from './line-writer.ts';
import { systemErrorText, UserError } from './user-error.ts';

/** Creates or empties the file. Throws UserError. */
export function openEventsFile(path: string, options = { makeFolder: false }): LineWriter {
  try {
    if (options.makeFolder) mkdirSync(dirname(path), { recursive: true });
    return new LineWriter(openSync(path, 'w'));
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(`${path}: events cannot be written there: ${why}`);
  }
}
