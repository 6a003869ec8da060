/** What `sallyport check` does once its command line is read. */
import type { Mode } from '../../rules/check/answer.ts';
import { checkRules } from '../../rules/check/check-rules.ts';
import { enforceability } from '../../rules/check/enforceability.ts';
import type { ServiceNature } from '../../rules/check/services.ts';
import { readRules } from '../../rules/load.ts';
import type { Policy } from '../../rules/policy/policy.ts';
import type { Diagnostic } from '../../rules/source/diagnostic.ts';
import { harmless } from '../../src/event/harmless.ts';
import { readConfig } from '../config/read-config.ts';
import type { GatewayMode, GatewaySettings } from '../config/settings.ts';
import { summariseSettings } from '../config/summarise-settings.ts';
import { thisHost } from '../config/this-host.ts';
import { counted } from '../report/amounts.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import { tellEnforceability } from './enforceability-table.ts';
import { shippedPolicies } from './load-policy.ts';
import { servicesForRules } from './services-for-rules.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

/** What a netfilter queue can carry out is what a bridge can. */
const MODES: Readonly<Record<GatewayMode, Mode>> = {
  tap: 'tap',
  inline: 'inline',
  nfqueue: 'inline',
};

/** Returns the exit code. */
export function runCheck(file: string, all: boolean, terminal: Terminal): number {
  const { settings, diagnostics } = readConfig(file, thisHost());
  tell(diagnostics, terminal);
  if (settings === undefined) return conclude(file, diagnostics, terminal);
  const { rules = shippedPolicies(), directory } = settings.policy;
  const read = readRules(rules, { directory });
  const { services, diagnostics: unknown } = servicesForRules(settings.policy.services);
  const doubts = read.policy === undefined ? [] : checkRules(read.policy, services);
  const found = [...unknown, ...read.diagnostics, ...doubts];
  tell(found, terminal);
  if (read.policy !== undefined) {
    tellWhatRuns(settings, read.policy, read.files.length, terminal);
    if (services !== undefined) tellMeans(settings, read.policy, services, all, terminal);
  }
  return conclude(file, [...diagnostics, ...found], terminal);
}

function tell(diagnostics: readonly Diagnostic[], { out, layout: { paint } }: Terminal): void {
  for (const line of diagnosticLines(diagnostics, paint)) out.line(line);
}

function tellWhatRuns(
  settings: GatewaySettings,
  policy: Policy,
  files: number,
  { out, layout: { paint } }: Terminal,
): void {
  const lines = [
    ...summariseSettings(settings),
    ['policy', `${counted(policy.rules.length, 'rule')} from ${counted(files, 'file')}`],
  ];
  for (const [name = '', value = ''] of lines) {
    out.line(`${paint.dim(name.padEnd(12))}${harmless(value)}`);
  }
}

function tellMeans(
  settings: GatewaySettings,
  policy: Policy,
  services: ReadonlyMap<string, ServiceNature>,
  all: boolean,
  terminal: Terminal,
): void {
  const mode = MODES[settings.mode];
  const resets = settings.tap.resetInterface !== undefined;
  const answers = enforceability(policy, services, mode, { resets });
  tellEnforceability(answers, mode, terminal, ({ degree }) => all || degree !== 'enforced');
}

function conclude(file: string, diagnostics: readonly Diagnostic[], terminal: Terminal): number {
  const { out, layout } = terminal;
  const { paint } = layout;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const doubts = warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`;
  const outcome = errors > 0 ? paint.red(counted(errors, 'error')) : paint.green('no errors');
  out.line(`${harmless(file)}: ${outcome}${doubts}`);
  return errors > 0 ? Exit.Usage : Exit.Ok;
}
