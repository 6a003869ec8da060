/** `--events FILE`: JSONL beside the report. */
import { fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LineWriter } from './line-writer.ts';
import { systemErrorText, UserError } from './user-error.ts';

export interface EventsFileOptions {
  readonly makeFolder: boolean;
  /** Everything the run reads; '-' is standard input. */
  readonly inputs: readonly string[];
}

/** Creates or empties the file, unless it is one of the inputs. Throws UserError. */
export function openEventsFile(
  path: string,
  { makeFolder, inputs }: EventsFileOptions,
): LineWriter {
  refuseInput(path, inputs, 'events', '--events');
  try {
    if (makeFolder) mkdirSync(dirname(path), { recursive: true });
    return new LineWriter(openSync(path, 'w'), path);
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(`${path}: events cannot be written there: ${why}`);
  }
}

/** Throws UserError where `path` is one of the inputs, whatever its name. */
export function refuseInput(
  path: string,
  inputs: readonly string[],
  what: string,
  option: string,
): void {
  const existing = identity(path);
  if (existing === undefined || !inputs.some((one) => identity(one) === existing)) return;
  throw new UserError(
    `${path}: is read in this run: ${what} would replace it`,
    `Name another file after ${option}.`,
  );
}

/** The same for every name of a file; undefined where there is none, or nothing to be lost. */
function identity(path: string): string | undefined {
  try {
    const stat = path === '-' ? fstatSync(0) : statSync(path);
    return stat.isFile() ? `${stat.dev}:${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}
