/** Rules, lists, directory and services read and checked, ready to go to the workers. */
import { loadServices } from '../../rules/catalogue/load-services.ts';
import { encodeServices } from '../../rules/catalogue/transfer-services.ts';
import { readRules } from '../../rules/load.ts';
import { type Diagnostic, formatDiagnostic } from '../../rules/source/diagnostic.ts';
import { encodePolicy } from '../../rules/transfer/encode-policy.ts';
import { harmless } from '../../src/event/harmless.ts';
import { shippedPolicies } from '../cli/load-policy.ts';
import { servicePaths } from '../cli/service-options.ts';
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
    readonly services: PackedServices;
  };
  /** Each problem as one line `file:line:column: what`: the errors where there are any, else warnings. */
  readonly diagnostics: readonly string[];
  /** Every file that was read or asked for. */
  readonly files: readonly string[];
}

export interface PackedServices {
  readonly hash: string;
  /** Services that can be named. */
  readonly count: number;
  /** As encodeServices made it; undefined: there are none. */
  readonly octets: SharedArrayBuffer | undefined;
}

/** What of the settings a package is made of. */
export type PackageSettings = Pick<PolicySettings, 'rules' | 'directory' | 'services'>;

/** Reads the disk, and takes seconds for 10 000 rules. */
export function packPolicy(settings: PackageSettings): PolicyPackage {
  const { rules = shippedPolicies(), directory } = settings;
  const { policy, hash, ...read } = readRules(rules, { directory });
  const {
    catalogue,
    hash: servicesHash,
    ...loaded
  } = loadServices(servicePaths(settings.services));
  const diagnostics = [...read.diagnostics, ...loaded.diagnostics];
  const files = [...read.files, ...loaded.files];
  if (policy === undefined || hash === undefined || catalogue === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    return { diagnostics: linesOf(errors), files };
  }
  const idle = rules.length === 0 && policy.people.length === 0;
  const octets = idle ? undefined : encodePolicy(policy);
  const { entries } = catalogue;
  const services = {
    hash: servicesHash ?? '',
    count: catalogue.services.length,
    octets: entries.length === 0 ? undefined : encodeServices(entries),
  };
  return {
    policy: { hash, rules: policy.rules.length, octets, services },
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
