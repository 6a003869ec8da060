/** What `sallyport rules diff` does once its command line is read. */
import { RulesDiff, type VerdictChange } from '../../rules/diff.ts';
import { describe } from '../../src/event/describe.ts';
import { harmless } from '../../src/event/harmless.ts';
import { rfc3339 } from '../../src/event/time.ts';
import { counted, grouped } from '../report/amounts.ts';
import { clip } from '../report/columns.ts';
import { readEvents } from './event-file.ts';
import { loadOrRefuse } from './load-policy.ts';
import { maskedText } from './masked-text.ts';
import type { Terminal } from './terminal.ts';
import { wantedWords } from './wanted-verdict.ts';

export interface DiffOptions {
  /** JSONL of events; '-' is standard input. */
  readonly on: string;
  readonly directory?: string;
  /** Changes shown. */
  readonly show: number;
}

/** Throws UserError. */
export async function runRulesDiff(
  before: string,
  after: string,
  { on, directory, show }: DiffOptions,
  terminal: Terminal,
): Promise<void> {
  const old = loadOrRefuse([before], directory, terminal);
  const young = loadOrRefuse([after], directory, terminal);
  const diff = new RulesDiff(old.rules, young.rules);
  for await (const event of readEvents(on)) diff.add(event);
  const hide = (change: VerdictChange) => {
    const { firstEvent: event } = change;
    event.text = maskedText(old.rules, event, change.before);
    event.text = maskedText(young.rules, event, change.after);
  };
  tell(diff, show, hide, terminal);
}

function tell(
  diff: RulesDiff,
  most: number,
  hide: (change: VerdictChange) => void,
  { out, layout }: Terminal,
): void {
  const { paint, width } = layout;
  const { changes } = diff;
  for (const change of changes.slice(0, most)) {
    out.line(
      `${paint.bold(clip(parties(change), width - 20))}  ${counted(change.events, 'event')}`,
    );
    out.line(`  ${paint.red(`- ${clip(wantedWords(change.before), width - 4)}`)}`);
    out.line(`  ${paint.green(`+ ${clip(wantedWords(change.after), width - 4)}`)}`);
    change.firstEvent.verdict = undefined; // that of the recording is neither
    hide(change);
    const first = `first: ${rfc3339(change.firstEvent.time)} ${describe(change.firstEvent)}`;
    out.line(`  ${paint.dim(clip(first, width - 2))}`);
  }
  const hidden = changes.slice(most).reduce((sum, { events }) => sum + events, diff.others);
  if (hidden > 0) out.line(`… and ${counted(hidden, 'more event')}`);
  out.line(
    `${counted(diff.events, 'event')} judged, ${grouped(diff.changed)} with another verdict`,
  );
}

function parties({ account, peer }: VerdictChange): string {
  const names = [account, peer === account ? undefined : peer].filter((name) => name !== undefined);
  return names.length === 0 ? '(nobody named)' : names.map(harmless).join(' ↔ ');
}
