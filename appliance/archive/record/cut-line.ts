/** A line cut in two: the event without what is content, and the content; each as JSON, written behind the line. */
import type { DividedMember } from './divided-member.ts';
import { EVENT_MEMBERS, memberPlace, Reading } from './event-members.ts';
import type { EventScan } from './event-scan.ts';

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;

const FILE = memberPlace('file');
const VERDICT = memberPlace('verdict');
/** Content, or partly so; in the order of a line. */
const PARTED = EVENT_MEMBERS.flatMap(({ reading }, place) =>
  reading === Reading.Said || reading === Reading.Divided ? [place] : [],
);

/** Places of octets in the memory of the scan; `contentTo` is 0 where there is no content. */
export interface CutLine {
  readonly eventFrom: number;
  readonly eventTo: number;
  readonly contentFrom: number;
  readonly contentTo: number;
}

/** Needs as much room behind the line as it is long, twice, and for what is written anew. */
export function cutLine(
  scan: EventScan,
  verdict: DividedMember | undefined,
  file: DividedMember | undefined,
): CutLine {
  const { octets, from, to } = scan;
  let eventEnd = to;
  /** Where the members begin that are not copied yet, and all go into the event. */
  let rest = from + 1;
  for (const place of PARTED) {
    if (!scan.has(place)) continue;
    const divided = place === VERDICT ? verdict : place === FILE ? file : undefined;
    if (divided !== undefined && divided.content === undefined) continue;
    if (eventEnd === to) octets[eventEnd++] = OPEN_BRACE;
    eventEnd = copy(octets, rest, scan.begin(place), eventEnd);
    if (divided?.event !== undefined) eventEnd += octets.write(`${divided.event},`, eventEnd);
    rest = behind(scan, place) + 1;
  }
  if (eventEnd === to) return { eventFrom: from, eventTo: to, contentFrom: 0, contentTo: 0 };
  if (rest < to) eventEnd = copy(octets, rest, to - 1, eventEnd);
  else if (octets[eventEnd - 1] === COMMA) eventEnd -= 1;
  octets[eventEnd++] = CLOSE_BRACE;

  let contentEnd = eventEnd;
  for (const place of PARTED) {
    if (!scan.has(place)) continue;
    const divided = place === VERDICT ? verdict : place === FILE ? file : undefined;
    if (divided !== undefined && divided.content === undefined) continue;
    octets[contentEnd] = contentEnd === eventEnd ? OPEN_BRACE : COMMA;
    contentEnd += 1;
    if (divided?.content !== undefined) contentEnd += octets.write(divided.content, contentEnd);
    else contentEnd = copy(octets, scan.begin(place), behind(scan, place), contentEnd);
  }
  octets[contentEnd++] = CLOSE_BRACE;
  return { eventFrom: to, eventTo: eventEnd, contentFrom: eventEnd, contentTo: contentEnd };
}

/** Behind a member: of a text, behind its closing quotation mark. */
function behind(scan: EventScan, place: number): number {
  const isText = EVENT_MEMBERS[place]?.reading === Reading.Said;
  return scan.end(place) + (isText ? 1 : 0);
}

/** Returns where it ends. */
function copy(octets: Buffer, from: number, to: number, at: number): number {
  octets.copyWithin(at, from, to);
  return at + to - from;
}
