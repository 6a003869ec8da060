/** The policy from rule files and a directory, read anew at each load. */
import { type LoadResult, loadRules } from '../../rules/load.ts';
import { formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { shippedPolicies } from '../cli/load-policy.ts';
import type { PolicySettings } from '../config/settings.ts';
import type { LivePolicy, LoadedLivePolicy, PolicySource } from './live-policy.ts';

/** Problems told of one load: a file that is no rule file at all has thousands. */
const MOST_TOLD = 50;

export class FilePolicy implements PolicySource {
  readonly #settings: PolicySettings;

  constructor(settings: PolicySettings) {
    this.#settings = settings;
  }

  async load(): Promise<LoadedLivePolicy> {
    const { rules = shippedPolicies(), directory } = this.#settings;
    const result = loadRules(rules, { directory });
    const told = result.diagnostics.slice(0, MOST_TOLD);
    return {
      policy: livePolicy(result, rules.length === 0),
      diagnostics: told.map((diagnostic) => harmless(formatDiagnostic(diagnostic))),
      restartNeeded: [],
    };
  }
}

function livePolicy({ rules }: LoadResult, none: boolean): LivePolicy | undefined {
  if (rules === undefined) return undefined;
  const { hash, policy } = rules;
  const order = { hash, policy: none && policy.people.length === 0 ? undefined : policy };
  return { hash, rules: policy.rules.length, loadedAt: Date.now(), order };
}
