/** Files that were offered or sent, each with what became of it. Bounded: the rest is counted. */

import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { boundedKey, kept } from './kept.ts';
import { type ShownVerdict, shownVerdict } from './verdict-text.ts';

export const FILE_LIMITS = { files: 2000, nameCodeUnits: 200 } as const;

export type FileOutcome =
  | 'offered'
  | 'accepted'
  | 'declined'
  | 'cancelled'
  | 'started'
  | 'complete';

export interface FileEntry {
  readonly service: string;
  readonly time: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
  name: string;
  /** Octets announced, or counted once complete. */
  size: number | undefined;
  announced: number | undefined;
  method: string | undefined;
  sha256: string | undefined;
  outcome: FileOutcome;
  /** The first verdict other than pass, else the first. */
  verdict: ShownVerdict | undefined;
  /** The connection that the offer was first seen on, and which way. */
  readonly offeredOn: string | undefined;
  readonly offeredBy: ImEvent['origin'];
}

/** Microseconds in which the other leg of an offer follows: servers may store a file first. */
const LEG_WINDOW = 300e6;

const OUTCOMES: Partial<Record<EventKind, FileOutcome>> = {
  'file.offer': 'offered',
  'file.accept': 'accepted',
  'file.decline': 'declined',
  'file.cancel': 'cancelled',
  'file.start': 'started',
  'file.complete': 'complete',
};
const FINAL: ReadonlySet<FileOutcome> = new Set(['declined', 'cancelled', 'complete']);

export class FileLog {
  readonly #entries: FileEntry[] = [];
  /** The transfer last seen under a token or, without one, under parties and name. */
  readonly #open = new Map<string, FileEntry>();
  leftOut = 0;

  add(event: ImEvent): void {
    const outcome = OUTCOMES[event.kind];
    if (outcome === undefined || event.copy !== undefined) return;
    const key = fileKey(event);
    let entry = this.#open.get(key);
    if (entry !== undefined && !continues(entry, event, outcome)) entry = undefined;
    if (entry === undefined) {
      if (this.#entries.length >= FILE_LIMITS.files) {
        this.leftOut += 1;
        return;
      }
      entry = newEntry(event);
      this.#entries.push(entry);
      this.#open.set(key, entry);
    }
    update(entry, event, outcome);
  }

  get entries(): readonly FileEntry[] {
    return this.#entries;
  }
}

function newEntry(event: ImEvent): FileEntry {
  const name = event.file?.name ?? event.file?.url ?? unnamed(event);
  const answers = event.kind === 'file.accept' || event.kind === 'file.decline';
  const to = event.to?.join(', ') ?? event.room;
  const [sender, recipient] = answers ? [to, event.from] : [event.from, to];
  return {
    service: event.service ?? event.protocol ?? '?',
    time: event.time,
    from: shortened(sender),
    to: shortened(recipient),
    name: kept(name, FILE_LIMITS.nameCodeUnits),
    size: undefined,
    announced: undefined,
    method: undefined,
    sha256: undefined,
    outcome: 'offered',
    verdict: undefined,
    offeredOn: event.kind === 'file.offer' ? event.flow?.id : undefined,
    offeredBy: event.origin,
  };
}

/** `(picture)`, or that there is no name. */
function unnamed({ file }: ImEvent): string {
  return file?.purpose === undefined ? '(no name)' : `(${file.purpose})`;
}

function shortened(name: string | undefined): string | undefined {
  return name === undefined ? undefined : kept(name, FILE_LIMITS.nameCodeUnits);
}

function update(entry: FileEntry, event: ImEvent, outcome: FileOutcome): void {
  if (!FINAL.has(entry.outcome) || FINAL.has(outcome)) entry.outcome = outcome;
  const { file } = event;
  if (file?.name !== undefined && entry.name === unnamed(event)) {
    entry.name = kept(file.name, FILE_LIMITS.nameCodeUnits);
  }
  if (outcome !== 'complete') entry.announced ??= file?.size;
  entry.size = file?.size ?? entry.size;
  entry.method ??= file?.method;
  entry.sha256 = file?.sha256 ?? entry.sha256;
  const verdict = shownVerdict(event.verdict);
  if (entry.verdict === undefined || entry.verdict.action === 'pass') {
    if (verdict !== undefined) entry.verdict = verdict;
  }
}

/** A second offer after the end, or between others, is another transfer under a token used again. */
function continues(entry: FileEntry, event: ImEvent, outcome: FileOutcome): boolean {
  if (outcome === 'offered' && FINAL.has(entry.outcome)) return isOtherLeg(entry, event);
  const known = [entry.from, entry.to].filter((name) => name !== undefined);
  const named = [event.from, event.to?.join(', ') ?? event.room].filter(
    (name) => name !== undefined,
  );
  return known.length === 0 || named.length === 0 || named.some((name) => known.includes(name));
}

/** The same offer where the server hands it on to a recipient on this wire. */
function isOtherLeg({ offeredOn, offeredBy, time }: FileEntry, event: ImEvent): boolean {
  if (offeredOn === undefined || event.flow === undefined) return false;
  const onward = offeredBy === 'client' && event.origin === 'server';
  return onward && offeredOn !== event.flow.id && event.time - time < LEG_WINDOW;
}

function fileKey(event: ImEvent): string {
  const service = event.service ?? event.protocol ?? '?';
  const token = event.file?.token;
  if (token !== undefined) return boundedKey(`${service}\ntoken\n${token}`, 400);
  const parties = [event.from ?? '', ...(event.to ?? [event.room ?? ''])].sort().join('\n');
  return boundedKey(`${service}\n${event.file?.name ?? event.file?.url ?? ''}\n${parties}`, 600);
}
