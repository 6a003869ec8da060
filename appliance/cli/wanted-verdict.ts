/** A verdict as the policy wants it, in one line: `drop · no-executables · alert high`. */
import type { VerdictRecord } from '../../src/event/event.ts';
import { shadowWord } from '../report/verdict-text.ts';

export function wantedWords(verdict: VerdictRecord): string {
  const words: string[] = [verdict.action];
  words.push(verdict.rule ?? 'no rule');
  if (verdict.alert !== undefined) words.push(`alert ${verdict.alert}`);
  if (verdict.tags !== undefined && verdict.tags.length > 0)
    words.push(`tags ${verdict.tags.join(', ')}`);
  if (verdict.log === true) words.push('log');
  if (verdict.archive !== undefined) words.push(`archive ${verdict.archive}`);
  if (verdict.quarantine === true) words.push('quarantine');
  if (verdict.learn !== undefined) words.push(`learns the address for ${verdict.learn} s`);
  if (verdict.tell !== undefined) words.push(`tells "${verdict.tell}"`);
  for (const { rule, action } of verdict.shadow ?? [])
    words.push(`in shadow: ${shadowWord(action)} · ${rule}`);
  return words.join(' · ');
}
