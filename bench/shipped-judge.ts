/** The shipped policies, as `sallyport replay` loads them. */
import { join } from 'node:path';
import { loadRules } from '../rules/load.ts';
import { formatDiagnostic } from '../rules/source/diagnostic.ts';
import type { Judge } from '../src/verdict/judge.ts';
import { repositoryRoot } from '../test/support/corpus.ts';

export function shippedJudge(): Judge {
  const { rules, diagnostics } = loadRules([join(repositoryRoot, 'rules', 'packs')]);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}
