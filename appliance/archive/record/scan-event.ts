/**
 * An event read from its line the quick way: the parts of splitContent as pieces of the line, and the facts of
 * its columns. Pieces stay as encodeEvent wrote them (what a terminal could obey is escaped).
 *
 * For lines as encodeEvent writes them (event-scan.ts), that are not long. Any other line is left to JSON.parse
 * and splitContent, which say the same of it.
 */
/// <reference lib="es2024.string" />

import { cutLine } from './cut-line.ts';
import { type DividedMember, dividedMember } from './divided-member.ts';
import { fileFact, type VerdictFacts, verdictFacts } from './event-facts.ts';
import { EVENT_MEMBERS, memberPlace, Reading } from './event-members.ts';
import { EventScan } from './event-scan.ts';
import { KnownOctets } from './known-octets.ts';
import { lineFacts } from './line-facts.ts';
import { lineMemory } from './line-memory.ts';
import { ScannedDraft } from './scanned-draft.ts';

/** Octets of a line. */
const LONGEST = 4096;
/** Code units of what is written anew of verdict and file, at three octets each as long as a line may be. */
const LONGEST_ANEW = LONGEST / 3;
/** Octets of a line, and of event and content as they are cut from it. */
const ROOM = 4 * LONGEST;
/** Verdicts remembered: events of a run have few. */
const VERDICTS = 1024;
const LONGEST_VERDICT = 512;

const FILE = memberPlace('file');
const VERDICT = memberPlace('verdict');
/** Nobody reads them, so it is asked whether they are JSON. */
const UNREAD = EVENT_MEMBERS.flatMap(({ name, reading }, place) => {
  const isRead = name === 'flow' || name === 'to' || name === 'peers';
  return (reading === Reading.Nested || reading === Reading.Names) && !isRead ? [place] : [];
});

interface KnownVerdict {
  readonly member: DividedMember;
  readonly facts: VerdictFacts;
}

const verdicts = new KnownOctets<KnownVerdict>(VERDICTS, LONGEST_VERDICT);
const scan = new EventScan();

/** undefined: the line is written in another way, or is no event. Never throws. The line is copied. */
export function scanEvent(line: string | Uint8Array): ScannedDraft | undefined {
  if (line.length < 3 || line.length > LONGEST) return undefined;
  const memory = lineMemory(ROOM);
  const { octets, used: from } = memory;
  let length = line.length;
  if (typeof line !== 'string') octets.set(line, from);
  else if (line.isWellFormed()) length = octets.write(line, from);
  else return undefined;
  if (length > LONGEST || !scan.read(memory, from, from + length)) return undefined;
  try {
    const draft = draftOf();
    if (draft !== undefined) memory.used = endOf(draft);
    return draft;
  } catch (error) {
    // Of JSON.parse, which is asked about what is nested.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function draftOf(): ScannedDraft | undefined {
  for (const place of UNREAD) if (scan.has(place)) JSON.parse(scan.text(place));
  const verdict = scan.has(VERDICT) ? verdictOf() : undefined;
  const file = scan.has(FILE) ? dividedMember('file', scan.text(FILE)) : undefined;
  // Not what the model says they are.
  if (scan.has(VERDICT) && verdict === undefined) return undefined;
  if (scan.has(FILE) && file === undefined) return undefined;
  if (lengthAnew(verdict?.member) + lengthAnew(file) > LONGEST_ANEW) return undefined;
  const facts = lineFacts(scan, verdict?.facts, fileFact(file?.value));
  const cut = cutLine(scan, verdict?.member, file);
  return new ScannedDraft(scan, cut, facts, verdict?.member.value);
}

/** Of the memory of a draft. */
function endOf({ parts }: ScannedDraft): number {
  return Math.max(scan.to, parts.restTo, parts.contentTo);
}

function lengthAnew(member: DividedMember | undefined): number {
  return (member?.event?.length ?? 0) + (member?.content?.length ?? 0);
}

function verdictOf(): KnownVerdict | undefined {
  const { view } = scan;
  const [from, to] = [scan.value(VERDICT), scan.end(VERDICT)];
  const known = verdicts.get(view, from, to);
  if (known !== undefined) return known;
  const member = dividedMember('verdict', scan.text(VERDICT));
  if (member === undefined) return undefined;
  const made = { member, facts: verdictFacts(member.value) };
  verdicts.set(view, from, to, made);
  return made;
}
