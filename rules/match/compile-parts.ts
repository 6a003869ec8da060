/** All that judging needs, made from a policy in steps. */
import { Directory } from '../directory/directory.ts';
import { IdentitySet } from '../lists/identity-set.ts';
import type { Condition, Policy, Rule } from '../policy/policy.ts';
import type { JudgeState } from '../state/judge-state.ts';
import type { Steps } from '../steps.ts';
import { type Compiled, compiling } from './compile-condition.ts';
import { EventView } from './event-view.ts';
import { isStatic } from './matched.ts';
import { Matcher } from './matcher.ts';
import { RuleIndex } from './rule-index.ts';
import { Vocabulary } from './vocabulary.ts';

export interface CompiledParts {
  /** By rule number; undefined: holds always. */
  readonly compiled: readonly (Compiled | undefined)[];
  readonly matcher: Matcher;
  readonly directory: Directory;
  readonly index: RuleIndex;
  /** Rules whose verdict reads the same for every event. */
  readonly static: ReadonlySet<Rule>;
  readonly asksKnown: boolean;
  readonly asksRooms: boolean;
}

/** `state` is only kept, not changed: the running set may go on using it meanwhile. */
export function* compilingParts(policy: Policy, state: JudgeState): Steps<CompiledParts> {
  const { rules, people, ours, defaults } = policy;
  const vocabulary = new Vocabulary();
  const compiled: (Compiled | undefined)[] = [];
  const unchanging = new Set<Rule>();
  let asksKnown = defaults.unknownContact !== 'pass';
  let asksRooms = false;
  for (const rule of rules) {
    const { condition } = rule;
    compiled.push(condition === undefined ? undefined : yield* compiling(condition, vocabulary));
    yield* vocabulary.settling();
    if (rule.tell === undefined && isStatic(condition)) unchanging.add(rule);
    asksKnown ||= mentions(condition, 'contact.known');
    asksRooms ||= mentions(condition, 'room.members');
    yield;
  }
  yield* vocabulary.building();
  const directory = yield* Directory.building(people);
  const view = new EventView(state, directory, yield* IdentitySet.building(ours));
  const index = yield* RuleIndex.building(rules, compiled);
  const matcher = new Matcher(view, vocabulary);
  return { compiled, matcher, directory, index, static: unchanging, asksKnown, asksRooms };
}

function mentions(condition: Condition | undefined, name: string): boolean {
  if (condition === undefined) return false;
  if (condition.op === 'test') return condition.field === name;
  return condition.op === 'not'
    ? mentions(condition.of, name)
    : condition.of.some((part) => mentions(part, name));
}
