/**
 * A line cut in two: the event without what is content, and the content; each as JSON. Where one text alone is
 * content, both stay where they are; else they are written behind the line.
 */
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
const NONE = -1;
const SEVERAL = -2;

/** Places in octets. The event is what stands from `eventFrom` to `eventTo`, `joint`, and what stands from `restFrom` to `restTo`. */
export interface CutLine {
  readonly eventFrom: number;
  readonly eventTo: number;
  /** An octet; 0: the event is all in one piece. */
  readonly joint: number;
  readonly restFrom: number;
  readonly restTo: number;
  readonly contentFrom: number;
  /** 0 where there is no content. */
  readonly contentTo: number;
}

/** Of an event in one piece. */
export function whole(eventFrom: number, eventTo: number, contentTo: number): CutLine {
  return {
    eventFrom,
    eventTo,
    joint: 0,
    restFrom: eventTo,
    restTo: eventTo,
    contentFrom: contentTo === 0 ? 0 : eventTo,
    contentTo,
  };
}

export function eventLength({ eventFrom, eventTo, joint, restFrom, restTo }: CutLine): number {
  return eventTo - eventFrom + (joint === 0 ? 0 : 1 + restTo - restFrom);
}

/** The event as JSON. */
export function eventText(octets: Buffer, parts: CutLine): string {
  const { eventFrom, eventTo, joint, restFrom, restTo } = parts;
  const before = octets.toString('utf8', eventFrom, eventTo);
  if (joint === 0) return before;
  return before + String.fromCharCode(joint) + octets.toString('utf8', restFrom, restTo);
}

/**
 * Needs as much room behind the line as it is long, twice, and for what is written anew. The line itself may be
 * changed, but for what stands within quotation marks.
 */
export function cutLine(
  scan: EventScan,
  verdict: DividedMember | undefined,
  file: DividedMember | undefined,
): CutLine {
  const { from, to } = scan;
  const place = onlyContent(scan, verdict, file);
  if (place === NONE) return whole(from, to, 0);
  const isFirst = place !== SEVERAL && scan.begin(place) === from + 1;
  const isLast = place !== SEVERAL && behind(scan, place) === to - 1;
  return place === SEVERAL || (isFirst && isLast)
    ? copied(scan, verdict, file)
    : inPlace(scan, place, isFirst, isLast);
}

/** The only member that has content: a text. NONE; SEVERAL, also where a verdict or a file has. */
function onlyContent(
  scan: EventScan,
  verdict: DividedMember | undefined,
  file: DividedMember | undefined,
): number {
  if (verdict?.content !== undefined || file?.content !== undefined) return SEVERAL;
  let found = NONE;
  for (const place of PARTED) {
    if (!scan.has(place) || place === VERDICT || place === FILE) continue;
    if (found !== NONE) return SEVERAL;
    found = place;
  }
  return found;
}

/** The signs around it become the braces of the content; the event has one in their place. */
function inPlace(scan: EventScan, place: number, isFirst: boolean, isLast: boolean): CutLine {
  const { octets, from, to } = scan;
  const contentFrom = scan.begin(place) - 1;
  const contentTo = behind(scan, place) + 1;
  octets[contentFrom] = OPEN_BRACE;
  octets[contentTo - 1] = CLOSE_BRACE;
  return {
    eventFrom: from,
    eventTo: contentFrom,
    joint: isFirst ? OPEN_BRACE : isLast ? CLOSE_BRACE : COMMA,
    restFrom: contentTo,
    restTo: to,
    contentFrom,
    contentTo,
  };
}

function copied(
  scan: EventScan,
  verdict: DividedMember | undefined,
  file: DividedMember | undefined,
): CutLine {
  const { octets, from, to } = scan;
  let eventEnd = to;
  octets[eventEnd++] = OPEN_BRACE;
  /** Where the members begin that are not copied yet, and all go into the event. */
  let rest = from + 1;
  for (const place of PARTED) {
    if (!scan.has(place)) continue;
    const divided = place === VERDICT ? verdict : place === FILE ? file : undefined;
    if (divided !== undefined && divided.content === undefined) continue;
    eventEnd = copy(octets, rest, scan.begin(place), eventEnd);
    if (divided?.event !== undefined) eventEnd += octets.write(`${divided.event},`, eventEnd);
    rest = behind(scan, place) + 1;
  }
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
  return whole(to, eventEnd, contentEnd);
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
