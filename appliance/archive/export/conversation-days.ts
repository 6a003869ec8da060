/**
 * The records of one conversation, day by day (UTC). Records come in the order of the chain, which may go back in
 * time; so a day is written when the conversation ends. What waits is kept on the disk where it is much.
 */
import { rfc3339 } from '../../../src/event/time.ts';
import type { ExportRecord } from './export-record.ts';
import type { TakenFile } from './export-sink.ts';
import { hexText } from './hex-text.ts';
import { ScratchText } from './scratch-text.ts';
import { type TranscriptLine, transcriptLine } from './transcript-line.ts';

/** Characters of days that are not being added to, in memory. */
const MOST_HELD = 4 * 1024 * 1024;
/** Microseconds. */
const DAY = 86_400e6;
/** Kept files named with one day; more are counted. */
const MOST_FILES = 1000;

export interface ConversationDay {
  /** `2026-11-23`. */
  readonly date: string;
  /** From 1; more where a format cuts long days. */
  readonly part: number;
  readonly text: ScratchText;
  readonly html: ScratchText;
  readonly files: TakenFile[];
  moreFiles: number;
  records: number;
  /** Records in which something was said. */
  said: number;
  firstTime: number;
  lastTime: number;
  firstSequence: number;
  lastSequence: number;
  /** Who said or did the first thing. */
  sender: string;
  /** Of the last record: nobody who writes what it covers can know it before. */
  hash: string;
}

/** How a line looks; undefined: the format has no use for it. */
export interface DayLook {
  readonly text?: (line: TranscriptLine) => string;
  readonly html?: (line: TranscriptLine) => string;
  /** Records of a day that are kept together. */
  readonly longest?: number;
}

export class ConversationDays {
  readonly #look: DayLook;
  readonly #scratch: (name: string) => string;
  readonly #days = new Map<string, ConversationDay[]>();
  #made = 0;
  #held = 0;
  /** The day of the record before: days since 1970, and its date. */
  #number = -1;
  #date = '';

  constructor(look: DayLook, scratch: (name: string) => string) {
    this.#look = look;
    this.#scratch = scratch;
  }

  add(record: ExportRecord, files: readonly TakenFile[]): void {
    const line = transcriptLine(record, files);
    const day = this.#dayOf(record.time);
    if (day.records === 0) day.sender = line.who;
    day.records += 1;
    if (line.isSaid) day.said += 1;
    day.firstTime = Math.min(day.firstTime, record.time);
    day.lastTime = Math.max(day.lastTime, record.time);
    day.firstSequence = Math.min(day.firstSequence, record.sequence);
    day.lastSequence = record.sequence;
    day.hash = hexText(record.hash);
    for (const file of files) {
      if (day.files.length < MOST_FILES) day.files.push(file);
      else day.moreFiles += 1;
    }
    this.#write(day.text, this.#look.text?.(line));
    this.#write(day.html, this.#look.html?.(line));
    if (this.#held > MOST_HELD) this.#spill();
  }

  /** In the order of time. Empty afterwards; who takes them removes their scratch. */
  take(): ConversationDay[] {
    const dates = [...this.#days.keys()].sort();
    const days = dates.flatMap((date) => this.#days.get(date) ?? []);
    this.#days.clear();
    this.#made = 0;
    this.#held = 0;
    return days;
  }

  #write(scratch: ScratchText, text: string | undefined): void {
    if (text === undefined) return;
    const before = scratch.held;
    scratch.add(text);
    this.#held += scratch.held - before;
  }

  #spill(): void {
    for (const day of [...this.#days.values()].flat()) {
      day.text.spill();
      day.html.spill();
    }
    this.#held = 0;
  }

  #dayOf(time: number): ConversationDay {
    const date = this.#dateOf(time);
    const parts = this.#days.get(date) ?? [];
    const last = parts.at(-1);
    if (last !== undefined && last.records < (this.#look.longest ?? Number.POSITIVE_INFINITY)) {
      return last;
    }
    const day = this.#make(date, parts.length + 1);
    parts.push(day);
    this.#days.set(date, parts);
    return day;
  }

  /** Records of a day come one after the other. */
  #dateOf(time: number): string {
    const number = Math.floor(time / DAY);
    if (number !== this.#number) {
      this.#date = rfc3339(time).slice(0, 10);
      this.#number = number;
    }
    return this.#date;
  }

  #make(date: string, part: number): ConversationDay {
    const number = this.#made++;
    return {
      date,
      part,
      text: new ScratchText(this.#scratch(`day-${number}.txt`)),
      html: new ScratchText(this.#scratch(`day-${number}.html`)),
      files: [],
      moreFiles: 0,
      records: 0,
      said: 0,
      firstTime: Number.POSITIVE_INFINITY,
      lastTime: 0,
      firstSequence: Number.POSITIVE_INFINITY,
      lastSequence: 0,
      sender: '',
      hash: '',
    };
  }
}
