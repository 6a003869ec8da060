/** The doctor's findings for people. */
import { counted } from '../report/amounts.ts';
import { clip } from '../report/columns.ts';
import type { Layout } from '../report/page.ts';
import type { Examined } from './examine.ts';
import type { Finding } from './finding.ts';

export function renderFindings(examined: readonly Examined[], layout: Layout): string[] {
  const { paint } = layout;
  const lines: string[] = [];
  for (const { area, findings } of examined) {
    if (findings.length === 0) continue;
    lines.push(paint.bold(area), ...findings.flatMap((finding) => ofOne(finding, layout)), '');
  }
  const count = (level: Finding['level']) =>
    examined.reduce(
      (all, { findings }) => all + findings.filter((f) => f.level === level).length,
      0,
    );
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails > 0) lines.push(paint.red(`${counted(fails, 'fault')}, ${counted(warns, 'warning')}`));
  else if (warns > 0) lines.push(paint.yellow(`${counted(warns, 'warning')}, no fault`));
  else lines.push(paint.green('all is well'));
  return lines;
}

function ofOne({ level, what, fix }: Finding, { paint }: Layout): string[] {
  const colour = { ok: paint.green, warn: paint.yellow, fail: paint.red }[level];
  // Long lines are left to the terminal: a command must be whole to be copied.
  const line = `  ${colour(level.padEnd(4))}  ${clip(what, 400)}`;
  return fix === undefined ? [line] : [line, `        ${paint.dim('fix:')} ${clip(fix, 400)}`];
}
