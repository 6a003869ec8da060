/** What `sallyport doctor` does once its command line is read. */
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { readConfig } from '../config/read-config.ts';
import { examineAll } from '../doctor/examine.ts';
import type { Subject } from '../doctor/finding.ts';
import { renderFindings } from '../doctor/render-findings.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import type { Terminal } from './terminal.ts';
import { Exit, UserError } from './user-error.ts';

export interface DoctorOptions {
  readonly json?: true;
}

/** Resolves with the exit code. Throws UserError. */
export async function runDoctor(
  targets: readonly string[],
  { json }: DoctorOptions,
  terminal: Terminal,
): Promise<number> {
  const subject = subjectOf(targets, terminal);
  if (subject === undefined) return Exit.Usage;
  const examined = await examineAll(subject);
  const failed = examined.some(({ findings }) => findings.some(({ level }) => level === 'fail'));
  if (json) terminal.out.line(JSON.stringify({ ok: !failed, areas: examined }));
  else for (const line of renderFindings(examined, terminal.layout)) terminal.out.line(line);
  return failed ? Exit.Failed : Exit.Ok;
}

/** Undefined where the configuration is wrong, which is then said. */
function subjectOf(targets: readonly string[], terminal: Terminal): Subject | undefined {
  const files = targets.filter(isFile);
  const [file] = files;
  if (file === undefined) {
    return { settings: { ...DEFAULT_SETTINGS, interfaces: targets }, mode: undefined };
  }
  if (targets.length > 1) {
    throw new UserError(
      'doctor: either one configuration or interfaces',
      'The configuration names the interfaces.',
    );
  }
  const { settings, diagnostics } = readConfig(file);
  const wrong = diagnostics.filter(({ severity }) => severity === 'error');
  for (const line of diagnosticLines(wrong, terminal.errorPaint)) terminal.errors.line(line);
  return settings && { settings, mode: settings.mode };
}

/** An interface's name has no slash, and nobody ends it like this. */
function isFile(target: string): boolean {
  return target.includes('/') || /\.ya?ml$/i.test(target);
}
