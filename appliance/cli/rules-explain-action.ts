/** What `sallyport rules explain` does once its command line is read. */
import { explainEvent, type RuleExplanation } from '../../rules/explain.ts';
import { describe } from '../../src/event/describe.ts';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { readEventFile } from './event-file.ts';
import { loadOrRefuse, shippedPolicies } from './load-policy.ts';
import type { Terminal } from './terminal.ts';
import { wantedWords } from './wanted-verdict.ts';

/** Throws UserError. */
export function runRulesExplain(
  path: string,
  paths: readonly string[] | undefined,
  directory: string | undefined,
  terminal: Terminal,
): void {
  const events = readEventFile(path);
  const { rules } = loadOrRefuse(paths ?? shippedPolicies(), directory, terminal);
  for (const event of events) {
    const { verdict, rules: explained } = explainEvent(rules, event);
    tell(event, verdict, explained, terminal);
  }
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
