/** `sallyport rules diff OLD NEW --on events.jsonl`: whose verdict changes? */
import { Command } from 'commander';
import { RulesDiff, type VerdictChange } from '../../rules/diff.ts';
import { describe } from '../../src/event/describe.ts';
import { harmless } from '../../src/event/harmless.ts';
import { rfc3339 } from '../../src/event/time.ts';
import { counted, grouped } from '../report/amounts.ts';
import { clip } from '../report/columns.ts';
import { readEvents } from './event-file.ts';
import { loadOrRefuse } from './load-policy.ts';
import { wholeNumber } from './numbers.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';
import { wantedWords } from './wanted-verdict.ts';

interface Options {
  readonly on: string;
  readonly directory?: string;
  readonly show: number;
}

export function rulesDiffCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('diff')
    .summary('show whose verdict changes on recorded events')
    .description(
      'Judges recorded events with two policies and shows, by person and peer, the verdicts that ' +
        'change: before the new policy goes live.',
    )
    .argument('<OLD>', 'a rule file, or a directory of them')
    .argument('<NEW>', 'a rule file, or a directory of them')
    .requiredOption('--on <FILE>', "recorded events (JSONL); '-' is standard input")
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .option('--show <N>', 'changes shown', wholeNumber(1, 100_000), 50)
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap --events events.jsonl
  $ sallyport rules diff policy/ policy-new/ --on events.jsonl

Exit codes: 0 whether or not anything changes, 2 the rules or the events are wrong.`,
    )
    .action(async (before: string, after: string, { on, directory, show }: Options) => {
      const old = loadOrRefuse([before], directory, terminal);
      const young = loadOrRefuse([after], directory, terminal);
      const diff = new RulesDiff(old.rules, young.rules);
      for await (const event of readEvents(on)) diff.add(event);
      tell(diff, show, terminal);
      exit(Exit.Ok);
    });
}

function tell(diff: RulesDiff, most: number, { out, layout }: Terminal): void {
  const { paint, width } = layout;
  const { changes } = diff;
  for (const change of changes.slice(0, most)) {
    out.line(
      `${paint.bold(clip(parties(change), width - 20))}  ${counted(change.events, 'event')}`,
    );
    out.line(`  ${paint.red(`- ${clip(wantedWords(change.before), width - 4)}`)}`);
    out.line(`  ${paint.green(`+ ${clip(wantedWords(change.after), width - 4)}`)}`);
    change.firstEvent.verdict = undefined; // that of the recording is neither
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
  return [account, peer].map((name) => (name === undefined ? '?' : harmless(name))).join(' ↔ ');
}
