/**
 * The records of a JSONL export, proven without the archive: each envelope and the hash before it give its hash,
 * each content is the one its envelope names, and each event is its envelope and content together.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { Envelope } from '../contract.ts';
import { contentDigest, leafOf, nextHash } from '../record/chain.ts';
import { isObject } from '../record/split-content.ts';
import { wholeEvent } from '../record/whole-event.ts';
import { CONTENT_STATES } from './export-record.ts';
import { jsonLine } from './json-line.ts';
import { EVENTS, RECORDS } from './jsonl-sink.ts';
import type { Manifest } from './manifest.ts';
import { readLines } from './read-lines.ts';

/** Characters of a line: no record is longer. */
const LONGEST_LINE = 256 * 1024 * 1024;
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const lineSchema = z.strictObject({
  sequence: z.int().positive(),
  conversation: z.int().optional(),
  repeat: z.literal(true).optional(),
  state: z.enum(CONTENT_STATES).optional(),
  previous: digest,
  hash: digest,
  envelope: z.string(),
  prefix: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .optional(),
  content: z.string().optional(),
  sealed: z.literal(true).optional(),
  files: z.array(z.string()).optional(),
});
type Line = z.infer<typeof lineSchema>;

export interface RecordsProven {
  readonly records: number;
  /** Content that is proven by the signature of the export alone, since the archive sealed it. */
  readonly sealed: number;
  /** What is wrong with the first that is not as it was. */
  readonly problem: string | undefined;
}

export async function verifyRecords(folder: string, manifest: Manifest): Promise<RecordsProven> {
  let records = 0;
  let sealed = 0;
  const bad = (problem: string): RecordsProven => ({ records, sealed, problem });
  const events = readLines(join(folder, EVENTS), LONGEST_LINE)[Symbol.asyncIterator]();
  let last: Line | undefined;
  let first: Line | undefined;
  try {
    for await (const text of readLines(join(folder, RECORDS), LONGEST_LINE)) {
      const at = `line ${records + 1}`;
      const line = readLine(text);
      if (line === undefined) return bad(`${RECORDS}, ${at}: is no record`);
      const event = await events.next();
      if (event.done === true) return bad(`${EVENTS}: has fewer lines than ${RECORDS}`);
      const problem = recordProblem(line, event.value, last);
      if (problem !== undefined) return bad(`record ${line.sequence} (${at}): ${problem}`);
      if (line.sealed === true) sealed += 1;
      first ??= line;
      last = line;
      records += 1;
    }
    if ((await events.next()).done !== true)
      return bad(`${EVENTS}: has more lines than ${RECORDS}`);
  } finally {
    await events.return?.();
  }
  if (records !== manifest.counts.records) {
    return bad(
      `the manifest tells of ${manifest.counts.records} records, and there are ${records}`,
    );
  }
  const edges = [
    [first, manifest.records.first],
    [last, manifest.records.last],
  ] as const;
  for (const [line, edge] of edges) {
    if (line?.hash !== edge?.hash || line?.sequence !== edge?.sequence) {
      return bad('the first or the last record is another one than the manifest tells of');
    }
  }
  return { records, sealed, problem: undefined };
}

function recordProblem(line: Line, event: string, before: Line | undefined): string | undefined {
  const envelope = Buffer.from(line.envelope, 'utf8');
  const hash = nextHash(Buffer.from(line.previous, 'hex'), leafOf(line.sequence, envelope));
  if (hash.toString('hex') !== line.hash) return 'its hash does not follow from its envelope';
  if (before !== undefined) {
    if (line.sequence <= before.sequence) return 'is out of order';
    if (line.sequence === before.sequence + 1 && line.previous !== before.hash) {
      return 'does not follow the record before it';
    }
  }
  const parsed: Envelope | undefined = readJson(line.envelope);
  if (parsed?.event === undefined) return 'its envelope has no event';
  if (line.content !== undefined && line.sealed !== true) {
    const prefix = Buffer.from(line.prefix ?? '', 'hex');
    const stored = Buffer.concat([prefix, Buffer.from(line.content, 'utf8')]);
    if (contentDigest(stored) !== parsed.content) {
      return 'its content is not the one that its envelope names';
    }
  }
  const content = line.content === undefined ? undefined : readJson<unknown>(line.content);
  const whole = wholeEvent(parsed.event, isObject(content) ? content : undefined);
  return jsonLine(whole) === event ? undefined : `its line in ${EVENTS} says something else`;
}

function readLine(text: string): Line | undefined {
  const parsed = lineSchema.safeParse(readJson(text));
  return parsed.success ? parsed.data : undefined;
}

function readJson<T>(text: string): T | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
