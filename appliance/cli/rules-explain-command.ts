/** `sallyport rules explain EVENT.json`: why does this event get this verdict? */
import { Command } from 'commander';
import { explainEvent, type RuleExplanation } from '../../rules/explain.ts';
import { describe } from '../../src/event/describe.ts';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { readEventFile } from './event-file.ts';
import { loadOrRefuse, shippedPolicies } from './load-policy.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';
import { wantedWords } from './wanted-verdict.ts';

interface Options {
  readonly rules?: readonly string[];
  readonly directory?: string;
}

export function rulesExplainCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('explain')
    .summary('tell why an event gets its verdict')
    .description(
      'Judges an event and tells, for each rule about such events, which conditions held. The event ' +
        'is a line of `sallyport replay --json`, or any part of one; several lines are judged in order.',
    )
    .argument('<EVENT.json>', "a file with the event; '-' is standard input")
    .option('--rules <PATH...>', 'rule files, or directories of them, instead of the shipped ones')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV)')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport rules explain event.json --rules policy/
  $ echo '{"kind":"message","service":"irc","text":"hi"}' | sallyport rules explain -`,
    )
    .action((path: string, { rules: paths, directory }: Options) => {
      const events = readEventFile(path);
      const { rules } = loadOrRefuse(paths ?? shippedPolicies(), directory, terminal);
      for (const event of events) {
        const { verdict, rules: explained } = explainEvent(rules, event);
        tell(event, verdict, explained, terminal);
      }
      exit(Exit.Ok);
    });
}

function tell(
  event: ImEvent,
  verdict: VerdictRecord,
  explained: readonly RuleExplanation[],
  { out, layout: { paint } }: Terminal,
): void {
  event.verdict = undefined; // what was decided when it was recorded is not the question
  out.line(paint.bold(describe(event)));
  out.line(`verdict: ${harmless(wantedWords(verdict))}`);
  for (const matched of verdict.matched ?? []) out.line(`  because ${harmless(matched)}`);
  const relevant = explained.filter(({ outcome }) => outcome !== 'other-kind');
  for (const rule of relevant) {
    const { file, line } = rule.place;
    const shadow = rule.shadow ? ' (shadow)' : '';
    const head = `${rule.rule}${shadow}: ${outcomeWords(rule)}`;
    const painted = rule.outcome === 'matched' ? paint.bold(harmless(head)) : harmless(head);
    out.line('');
    out.line(`${painted}  ${paint.dim(harmless(`${file}:${line}`))}`);
    for (const { condition, holds, actual } of rule.conditions) {
      const mark = holds ? paint.green('✓') : paint.red('✗');
      const has = actual === undefined ? '' : paint.dim(`  ${harmless(actual)}`);
      out.line(`  ${mark} ${harmless(condition)}${has}`);
    }
  }
  const others = explained.length - relevant.length;
  if (others > 0) {
    out.line('');
    out.line(paint.dim(`${counted(others, 'rule')} not about ${event.kind}`));
  }
}

function outcomeWords({ outcome, decided }: RuleExplanation): string {
  if (decided) return 'decided';
  if (outcome === 'matched') return 'matched';
  return outcome === 'not-reached' ? 'matched, but an earlier rule decided' : 'did not match';
}
