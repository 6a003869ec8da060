/** Rules, lists and directory read and checked, ready to go to the workers. */
import { readRules } from '../../rules/load.ts';
import { type Diagnostic, formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { encodePolicy } from '../../rules/transfer/encode-policy.ts';
import { harmless } from '../../src/event/harmless.ts';
import { shippedPolicies } from '../cli/load-policy.ts';
import type { PolicySettings } from './settings.ts';

/** Problems told of one load, and characters of each: a file that is no rule file at all has thousands. */
const MOST_TOLD = 50;
const LONGEST = 400;

/** Plain data: it goes from thread to thread. */
export interface PolicyPackage {
  /** Absent when there is an error. */
  readonly policy?: {
    readonly hash: string;
    readonly rules: number;
    /** As encodePolicy made it, shared by all threads; undefined: nothing to judge, everything passes. */
    readonly octets: SharedArrayBuffer | undefined;
  };
  /** Each problem as one line `file:line:column: what`: the errors where there are any, else warnings. */
  readonly diagnostics: readonly string[];
  /** Every file that was read or asked for. */
  readonly files: readonly string[];
}

/** Reads the disk, and takes seconds for 10 000 rules. */
export function packPolicy(settings: Pick<PolicySettings, 'rules' | 'directory'>): PolicyPackage {
  const { rules = shippedPolicies(), directory } = settings;
  const { policy, hash, diagnostics, files } = readRules(rules, { directory });
  if (policy === undefined || hash === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    return { diagnostics: linesOf(errors), files };
  }
  const idle = rules.length === 0 && policy.people.length === 0;
  const octets = idle ? undefined : encodePolicy(policy);
  return {
    policy: { hash, rules: policy.rules.length, octets },
    diagnostics: linesOf(diagnostics),
    files,
  };
}

function linesOf(diagnostics: readonly Diagnostic[]): string[] {
  const lines = diagnostics
    .slice(0, MOST_TOLD)
    .map((diagnostic) => harmless(formatDiagnostic(diagnostic)).slice(0, LONGEST));
  const more = diagnostics.length - lines.length;
  return more === 0 ? lines : [...lines, `… and ${more} more like these`];
}
