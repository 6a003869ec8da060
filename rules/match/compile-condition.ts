/** Conditions to functions, and to the groups without which they cannot hold. */
import { fieldOf } from '../fields.ts';
import type { Condition } from '../policy/policy.ts';
import { finish, type Steps } from '../steps.ts';
import { compileTest } from './compile-test.ts';
import type { Matcher } from './matcher.ts';
import type { Lookup, Vocabulary } from './vocabulary.ts';

export type Holds = (matcher: Matcher) => boolean;

/** If the condition holds, the lookup hits the group. */
export interface Key {
  readonly lookup: Lookup;
  readonly group: number;
  /** Guessed share of events that hit it. */
  readonly share: number;
}

export interface Compiled {
  readonly holds: Holds;
  /** One of these is hit whenever it holds; undefined: nothing is known. */
  readonly keys: readonly Key[] | undefined;
  /** Relative price of `holds`: the cheap ones are asked first. */
  readonly cost: number;
}

const MOST_KEYS = 64; // a rule with more alternatives is asked always

export function compileCondition(condition: Condition, vocabulary: Vocabulary): Compiled {
  return finish(compiling(condition, vocabulary));
}

/** The same in steps. */
export function* compiling(condition: Condition, vocabulary: Vocabulary): Steps<Compiled> {
  switch (condition.op) {
    case 'all': {
      const parts = yield* compilingAll(condition.of, vocabulary);
      return {
        holds: allOf(parts.map((part) => part.holds)),
        keys: rarest(parts),
        cost: total(parts),
      };
    }
    case 'any': {
      const parts = yield* compilingAll(condition.of, vocabulary);
      const keys = parts.flatMap((part) => part.keys ?? []);
      const known = parts.every((part) => part.keys !== undefined) && keys.length <= MOST_KEYS;
      return {
        holds: anyOf(parts.map((part) => part.holds)),
        keys: known ? keys : undefined,
        cost: total(parts),
      };
    }
    case 'not': {
      const { holds, cost } = yield* compiling(condition.of, vocabulary);
      return { holds: (matcher) => !holds(matcher), keys: undefined, cost };
    }
    case 'test':
      return compileTest(condition, fieldOf(condition.field), vocabulary);
  }
}

function* compilingAll(of: readonly Condition[], vocabulary: Vocabulary): Steps<Compiled[]> {
  const parts: Compiled[] = [];
  for (const condition of of) {
    parts.push(yield* compiling(condition, vocabulary));
    yield;
  }
  return parts.sort((a, b) => a.cost - b.cost);
}

function rarest(parts: readonly Compiled[]): readonly Key[] | undefined {
  let best: readonly Key[] | undefined;
  for (const { keys } of parts) {
    if (keys !== undefined && (best === undefined || share(keys) < share(best))) best = keys;
  }
  return best;
}

function share(keys: readonly Key[]): number {
  return keys.reduce((sum, key) => sum + key.share, 0);
}

function total(parts: readonly Compiled[]): number {
  return parts.reduce((sum, part) => sum + part.cost, 0);
}

function allOf(holds: readonly Holds[]): Holds {
  const [a, b] = holds;
  if (a !== undefined && holds.length === 1) return a;
  if (a !== undefined && b !== undefined && holds.length === 2) return (m) => a(m) && b(m);
  return (matcher) => {
    for (const one of holds) if (!one(matcher)) return false;
    return true;
  };
}

function anyOf(holds: readonly Holds[]): Holds {
  return (matcher) => {
    for (const one of holds) if (one(matcher)) return true;
    return false;
  };
}
