/**
 * Facts of a line that was read octet by octet. What lines of one connection between the same parties have in
 * common stands in one stretch of them, from `service` to `room`: it is read once, and then known again.
 */
import { columnOf, EventFacts, flowFact, type VerdictFacts } from './event-facts.ts';
import { memberPlace } from './event-members.ts';
import { type EventParties, eventParties, namesByNick } from './event-parties.ts';
import type { EventScan } from './event-scan.ts';
import { eventTimeAt } from './event-time.ts';
import { KnownOctets } from './known-octets.ts';
import type { Json } from './split-content.ts';

/** Octets of a stretch: longer ones are read each time. All of them are 12 MiB. */
const LONGEST = 384;
const STRETCHES = 32_768;
/** Kinds, forms, and people of the directory. */
const LONGEST_WORD = 64;
const WORDS = 4096;

const TS = memberPlace('ts');
const KIND = memberPlace('kind');
const SERVICE = memberPlace('service');
const FLOW = memberPlace('flow');
const TO = memberPlace('to');
const ROOM = memberPlace('room');
const FORM = memberPlace('form');
const COPY = memberPlace('copy');
const PERSON = memberPlace('person');
const PEERS = memberPlace('peers');
/** Texts of a stretch that parties are made from. */
const NAMES = ['service', 'protocol', 'origin', 'account', 'from', 'room'].map(
  (name) => [name, memberPlace(name)] as const,
);

interface Stretch {
  readonly flow: string | undefined;
  readonly parties: EventParties;
  /** What the parties came from besides. */
  readonly byNick: boolean;
  readonly person: string | undefined;
  readonly peers: string | undefined;
}

const stretches = new KnownOctets<Stretch>(STRETCHES, LONGEST);
const words = new KnownOctets<string>(WORDS, LONGEST_WORD);

/** Throws SyntaxError where what is nested in it is no JSON. */
export function lineFacts(
  scan: EventScan,
  verdict: VerdictFacts | undefined,
  file: string | undefined,
): EventFacts {
  const kind = word(scan, KIND);
  const { flow, parties } = stretchOf(scan, kind);
  return new EventFacts({
    time: scan.has(TS) ? eventTimeAt(scan.octets, scan.value(TS), scan.end(TS)) : undefined,
    kind: columnOf(kind),
    flow,
    copy: columnOf(word(scan, COPY)),
    parties,
    form: columnOf(word(scan, FORM)),
    verdict,
    file,
  });
}

function stretchOf(scan: EventScan, kind: string | undefined): Stretch {
  const { view } = scan;
  const [from, to] = extent(scan);
  const person = word(scan, PERSON);
  const peers = word(scan, PEERS);
  const byNick = namesByNick({ protocol: 'xmpp', kind }); // of another protocol, it makes no difference
  const known = stretches.get(view, from, to);
  if (known?.byNick === byNick && known.person === person && known.peers === peers) return known;
  const made: Stretch = {
    flow:
      known === undefined && scan.has(FLOW) ? flowFact(JSON.parse(scan.text(FLOW))) : known?.flow,
    parties: eventParties(partyMembers(scan, kind, person, peers)),
    byNick,
    person,
    peers,
  };
  stretches.set(view, from, to, made);
  return made;
}

/** From the first member of the stretch that is there to the last. */
function extent(scan: EventScan): readonly [from: number, to: number] {
  let from = SERVICE;
  while (from < ROOM && !scan.has(from)) from += 1;
  let to = ROOM;
  while (to > from && !scan.has(to)) to -= 1;
  return [scan.begin(from), scan.end(to)];
}

function partyMembers(
  scan: EventScan,
  kind: string | undefined,
  person: string | undefined,
  peers: string | undefined,
): Json {
  const members: Record<string, unknown> = { kind, person };
  for (const [name, place] of NAMES) if (scan.has(place)) members[name] = scan.text(place);
  if (scan.has(TO)) members.to = JSON.parse(scan.text(TO));
  if (peers !== undefined) members.peers = JSON.parse(peers);
  return members;
}

function word(scan: EventScan, place: number): string | undefined {
  if (!scan.has(place)) return undefined;
  const { view } = scan;
  const [from, to] = [scan.value(place), scan.end(place)];
  const known = words.get(view, from, to);
  if (known !== undefined) return known;
  const made = scan.text(place);
  words.set(view, from, to, made);
  return made;
}
