/** For each rule: the services for which it is enforced, partly enforced, or not, and why. */
import type { Degree, Mode } from '../../rules/check/answer.ts';
import type { Enforceability } from '../../rules/check/enforceability.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { clip } from '../report/columns.ts';
import { joined } from '../report/layout.ts';
import type { Paint } from '../report/paint.ts';
import type { Terminal } from './terminal.ts';

const FEWEST_CELLS = 40; // of services named in one line
const OTHER_CELLS = 20;
const WORDS: Readonly<Record<Degree, string>> = {
  enforced: '✓ enforced',
  partly: '~ partly  ',
  not: '✗ not     ',
};

export function tellEnforceability(
  answers: readonly Enforceability[],
  mode: Mode,
  { out, layout: { paint, width } }: Terminal,
  shown: (answer: Enforceability) => boolean = () => true,
): void {
  for (const [rule, ofRule] of grouped(answers.filter(shown), ({ rule: id }) => id)) {
    const { file, line } = ofRule[0]?.place ?? { file: '', line: 0 };
    out.line(`${paint.bold(harmless(rule))}  ${paint.dim(harmless(`${file}:${line}`))}`);
    const alike = grouped(ofRule, ({ degree, reasons }) => JSON.stringify([degree, reasons]));
    for (const same of alike.values()) {
      const [{ degree, reasons } = { degree: 'not' as const, reasons: [] }] = same;
      const services = joined(
        same.map(({ service }) => service),
        Math.max(FEWEST_CELLS, width - OTHER_CELLS),
      );
      const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
      out.line(`  ${painted(degree, paint)(WORDS[degree])}  ${clip(services + why, width * 2)}`);
    }
  }
  const sum = (degree: Degree) => answers.filter((answer) => answer.degree === degree).length;
  const totals = `${sum('enforced')} enforced, ${sum('partly')} partly, ${sum('not')} not`;
  if (mode === 'proxy') {
    out.line(paint.dim('this version has no proxy: this is what one will carry out'));
  }
  out.line(`${mode} mode: ${counted(answers.length, 'pair')} of rule and service: ${totals}`);
}

function painted(degree: Degree, paint: Paint): (text: string) => string {
  if (degree === 'enforced') return paint.green;
  return degree === 'partly' ? paint.yellow : paint.red;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
