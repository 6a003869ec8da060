/** How conditions are named in verdicts and explanations: `peer not in trusted-partners`. */
import type { Condition, List, TestCondition } from '../policy/policy.ts';

const LONGEST = 120; // characters of a name

export function nameOf(condition: Condition): string {
  switch (condition.op) {
    case 'all':
      return condition.of.map(nameOf).join(' and ');
    case 'any':
      return `any of (${condition.of.map(nameOf).join('; ')})`;
    case 'not':
      return `not (${nameOf(condition.of)})`;
    case 'test':
      return clip(nameOfTest(condition));
  }
}

export function nameOfTest({ field, test }: TestCondition): string {
  switch (test.is) {
    case 'one-of':
      return `${field} ${test.negate ? 'is not' : 'is'} ${test.values.join(' or ')}`;
    case 'in-list':
      return `${field} ${test.negate ? 'not in' : 'in'} ${test.list.name}`;
    case 'glob':
      return `${field} matches ${test.value}`;
    case 'contains':
      return `${field} contains '${test.value}'`;
    case 'starts':
      return `${field} starts with '${test.value}'`;
    case 'ends':
      return `${field} ends with '${test.value}'`;
    case 'regex':
      return `${field} matches /${test.source}/`;
    case 'words':
      return test.atLeast > 1
        ? `${field} has ${test.atLeast} words of ${nameOfList(test.list)}`
        : `${field} has words of ${nameOfList(test.list)}`;
    case 'pattern':
      return `${field} holds ${test.pattern}`;
    case 'number':
      if (test.relation === 'equal') return `${field} is ${test.low}`;
      if (test.relation === 'between') return `${field} between ${test.low} and ${test.high}`;
      return `${field} ${test.relation} ${test.low}`;
    case 'cidr':
      return `${field} ${test.negate ? 'not in' : 'in'} ${test.nets.join(' or ')}`;
    case 'within':
      return `${field} ${test.negate ? 'outside' : 'within'} ${test.schedules.map((s) => s.name).join(' or ')}`;
    case 'present':
      return test.present ? field : `no ${field}`;
  }
}

/** A list that stands in the condition itself has no name. */
function nameOfList({ name, entries }: List): string {
  return name === '' ? `[${entries.map(({ value }) => value).join(', ')}]` : name;
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
