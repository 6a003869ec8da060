/** Text of an event as it may be shown: what a redact verdict hides on the wire is hidden here too. */
import type { CompiledRules } from '../../rules/compile.ts';
import { redact } from '../../rules/match/redact.ts';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';

export function maskedText(
  rules: CompiledRules,
  event: ImEvent,
  verdict: VerdictRecord | undefined = event.verdict,
): string | undefined {
  if (event.text === undefined || verdict?.action !== 'redact') return event.text;
  return redact(event.text, rules.redactions(event, verdict));
}
