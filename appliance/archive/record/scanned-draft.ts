/** A draft in pieces of a line: what is asked for seldom is made a text, or parsed, only then. */
import { asciiWords } from '../search/ascii-words.ts';
import { eventWords } from '../search/event-text.ts';
import { words } from '../search/words.ts';
import { type CutLine, eventText } from './cut-line.ts';
import { type EventDraft, timeOf } from './event-draft.ts';
import type { EventFacts } from './event-facts.ts';
import { EVENT_MEMBERS, memberPlace, Reading } from './event-members.ts';
import type { EventScan } from './event-scan.ts';
import type { Json } from './split-content.ts';

const ID = memberPlace('id');
const TEXT = memberPlace('text');
const FILE = memberPlace('file');
const MARKUP = memberPlace('markup');
/** Content that is searched as it stands (search/event-text.ts). */
const SEARCHED = EVENT_MEMBERS.flatMap(({ reading }, place) =>
  reading === Reading.Said && place !== MARKUP ? [place] : [],
);
/** Words of more than one member, or of what is not searched as it stands. */
const SEVERAL = -1;

export class ScannedDraft implements EventDraft {
  readonly kind = 'event';
  readonly time: number;
  readonly facts: EventFacts;
  readonly octets: Buffer;
  /** As it was written; undefined: there is none. */
  readonly verdict: Json | undefined;
  #parts: CutLine;
  readonly #idFrom: number;
  readonly #idTo: number;
  readonly #saidFrom: number;
  readonly #saidTo: number;
  /** Of the only text that is searched; 0: there is none. */
  readonly #searchedFrom: number;
  readonly #searchedTo: number;

  constructor(scan: EventScan, parts: CutLine, facts: EventFacts, verdict: Json | undefined) {
    this.facts = facts;
    this.time = timeOf(facts);
    this.octets = scan.octets;
    this.verdict = verdict;
    this.#parts = parts;
    this.#idFrom = scan.value(ID);
    this.#idTo = scan.end(ID);
    this.#saidFrom = scan.value(TEXT);
    this.#saidTo = scan.end(TEXT);
    const searched = searchedPlace(scan);
    this.#searchedFrom = searched > 0 ? scan.value(searched) : searched;
    this.#searchedTo = searched > 0 ? scan.end(searched) : 0;
  }

  get parts(): CutLine {
    return this.#parts;
  }

  get id(): string {
    return this.#text(this.#idFrom, this.#idTo);
  }

  get said(): string | undefined {
    return this.#saidFrom === 0 ? undefined : this.#text(this.#saidFrom, this.#saidTo);
  }

  get event(): Json {
    return JSON.parse(eventText(this.octets, this.#parts));
  }

  get content(): Json | undefined {
    const { contentFrom, contentTo } = this.#parts;
    return contentTo === 0 ? undefined : JSON.parse(this.#text(contentFrom, contentTo));
  }

  searched(): string {
    const [from, to] = [this.#searchedFrom, this.#searchedTo];
    if (from === 0 || this.#parts.contentTo === 0) return '';
    if (from === SEVERAL) return eventWords(this.content ?? {}).join(' ');
    return asciiWords(this.octets, from, to) ?? words(this.#text(from, to)).join(' ');
  }

  /** Policy keeps metadata alone. */
  leaveContent(): void {
    this.#parts = { ...this.#parts, contentFrom: 0, contentTo: 0 };
  }

  #text(from: number, to: number): string {
    return this.octets.toString('utf8', from, to);
  }
}

/** Place of the only member whose words are searched; 0: there is none. */
function searchedPlace(scan: EventScan): number {
  let found = 0;
  if (scan.has(MARKUP) || scan.has(FILE)) return SEVERAL;
  for (const place of SEARCHED) {
    if (!scan.has(place)) continue;
    if (found !== 0) return SEVERAL;
    found = place;
  }
  return found;
}
