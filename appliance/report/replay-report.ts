/** What a replay came to, gathered event by event in bounded memory and written as one page. */

import type { ImEvent } from '../../src/event/event.ts';
import type { EngineCounters } from '../../src/pipeline/counters.ts';
import type { InlineReplayCounters } from '../../src/pipeline/inline-replay.ts';
import type { ExtractCounters } from '../extract/extract-folder.ts';
import { counted, duration, grouped, size } from './amounts.ts';
import { type ArchivedFacts, archiveLines } from './archive-lines.ts';
import { clip } from './columns.ts';
import { ConversationLog, type ShownText } from './conversation-log.ts';
import { Deliveries } from './deliveries.ts';
import { FileLog } from './file-log.ts';
import { LedgerLog } from './ledger-log.ts';
import { BY_ACCOUNT, BY_PERSON } from './naming.ts';
import type { Layout } from './page.ts';
import { PeopleLog } from './people-log.ts';
import { PersonLog } from './person-log.ts';
import { renderConversations } from './render-conversations.ts';
import { renderFiles } from './render-files.ts';
import { renderCounters, renderTotals, renderUnreadable, renderVerdicts } from './render-ledger.ts';
import { renderAccounts, renderContacts } from './render-people.ts';
import { renderPersons } from './render-persons.ts';
import { renderUsage } from './render-usage.ts';
import { UsageLog } from './usage-log.ts';

/** What the report says besides the events. */
export interface RunFacts {
  readonly version: string;
  readonly captures: readonly string[];
  /** `shipped packs (6 files, 31 rules)` */
  readonly policy: string;
  readonly counters: EngineCounters;
  /** One line each: what was wrong with a capture. */
  readonly faults: readonly string[];
  readonly interrupted: boolean;
  readonly seconds: number;
  /** Octets of memory at the peak. */
  readonly peakMemory: number;
  /** File the JSONL went to. */
  readonly eventsFile: string | undefined;
  /** What `--archive` came to. */
  readonly archive?: ArchivedFacts | undefined;
  /** What `--inline --write` came to. */
  readonly inline?: (InlineReplayCounters & { readonly file: string }) | undefined;
  /** What `--extract` came to. */
  readonly extracted: (ExtractCounters & { readonly folder: string }) | undefined;
}

export interface ReportOptions {
  /** Only totals, verdicts and what was not readable. */
  readonly summary: boolean;
  /** Entries shown of each list. */
  readonly show: number;
}

const RATE_FRAMES = 10_000;

export class ReplayReport {
  readonly #conversations: ConversationLog;
  readonly #deliveries = new Deliveries();
  readonly #files = new FileLog();
  readonly #people = new PeopleLog();
  readonly #ledger = new LedgerLog();
  readonly #usage = new UsageLog();

  /** By person: who did what, joined over the services. */
  readonly #persons: PersonLog | undefined;

  /** `shownText` gives the text of an event as the report may show it. */
  constructor(
    shownText: ShownText = (event) => event.text,
    { byPerson = false }: { readonly byPerson?: boolean } = {},
  ) {
    this.#conversations = new ConversationLog(shownText, byPerson ? BY_PERSON : BY_ACCOUNT);
    this.#persons = byPerson ? new PersonLog() : undefined;
  }

  add(event: ImEvent): void {
    this.#ledger.add(event);
    this.#files.add(event);
    this.#people.add(event);
    this.#usage.add(event);
    if (this.#deliveries.isRepeated(event)) {
      this.#conversations.delivered(event);
      return;
    }
    this.#conversations.add(event);
    this.#persons?.add(event);
  }

  /** Lines without line ends. */
  render(facts: RunFacts, options: ReportOptions, layout: Layout): string[] {
    const { show } = options;
    const lists = options.summary
      ? []
      : [
          ...(this.#persons === undefined ? [] : renderPersons(this.#persons, show, layout)),
          ...renderConversations(this.#conversations, show, layout),
          ...renderFiles(this.#files, show, layout),
          ...renderContacts(this.#people, show, layout),
          ...renderAccounts(this.#people, show, layout),
        ];
    return [
      ...title(facts, layout),
      ...lists,
      ...renderUsage(this.#usage, show, layout),
      ...renderVerdicts(this.#ledger, layout, facts.inline !== undefined),
      ...renderUnreadable(this.#ledger, facts.counters, layout),
      ...renderTotals(this.#ledger, facts.counters, layout),
      ...renderCounters(facts.counters, layout),
      ...closing(facts, this.#ledger.events, layout),
    ];
  }
}

function title(facts: RunFacts, { width, paint }: Layout): string[] {
  const captures =
    facts.captures.length <= 4
      ? facts.captures.join(', ')
      : `${facts.captures.slice(0, 3).join(', ')} and ${facts.captures.length - 3} more`;
  return [
    `${paint.bold(`Sallyport ${facts.version}`)} ${clip(`replay of ${captures}`, width - 11 - facts.version.length)}`,
    paint.dim(clip(`policy: ${facts.policy}; times are UTC`, width)),
  ];
}

function closing(facts: RunFacts, events: number, layout: Layout): string[] {
  const { width, paint } = layout;
  const { frames } = facts.counters;
  // A short run measures the start of the process, not the rate.
  const rate = frames < RATE_FRAMES ? '' : `, ${grouped(frames / facts.seconds)} packets/s`;
  const lines = [
    '',
    paint.dim(
      clip(
        `${counted(frames, 'packet')} in ${duration(facts.seconds)}${rate}, peak memory ${size(facts.peakMemory)}`,
        width,
      ),
    ),
  ];
  if (facts.eventsFile !== undefined) {
    lines.push(
      `${counted(events, 'event')} as JSONL in ${paint.bold(clip(facts.eventsFile, width - 30))}`,
    );
  }
  if (facts.archive !== undefined) lines.push(...archiveLines(facts.archive, layout));
  if (facts.inline !== undefined) {
    const { file, written, changed, dropped, injected } = facts.inline;
    const what = `${counted(written, 'packet')} (${changed} changed, ${injected} injected, ${dropped} dropped) forwarded to `;
    lines.push(`${what}${paint.bold(clip(file, Math.max(10, width - what.length)))}`);
  }
  if (facts.extracted !== undefined) {
    const { folder, written, octets } = facts.extracted;
    const what = `${counted(written, 'file')} (${size(octets)}) extracted to `;
    lines.push(
      `${what}${paint.bold(clip(folder, width - what.length))}${leftOut(facts.extracted)}`,
    );
  }
  for (const fault of facts.faults) lines.push(paint.red(clip(`incomplete: ${fault}`, width * 3)));
  if (facts.interrupted) lines.push(paint.yellow('interrupted: the report ends here'));
  return lines;
}

/** `; 2 seen twice, 1 not whole` */
function leftOut({ repeated, incomplete, tooLarge, refused }: ExtractCounters): string {
  const words: string[] = [];
  if (repeated > 0) words.push(`${repeated} seen again`);
  if (incomplete > 0) words.push(`${incomplete} not whole`);
  if (tooLarge > 0) words.push(`${tooLarge} over the size limit`);
  if (refused > 0) words.push(`${refused} too many at a time`);
  return words.length === 0 ? '' : `; ${words.join(', ')}`;
}
