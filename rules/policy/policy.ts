/** A rule set as it was read and checked: names resolved, quantities in base units. */
import type { Action, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { Person } from '../directory/directory.ts';
import type { FieldName, PatternName, RateKey } from '../fields.ts';
import type { Place } from '../source/diagnostic.ts';

export type ListKind = 'contacts' | 'extensions' | 'words' | 'values' | 'cidrs';

export interface ListEntry {
  readonly value: string;
  readonly place: Place;
}

export interface List {
  readonly name: string;
  readonly place: Place;
  /** Undefined: a bare file, whose kind follows from its use. */
  readonly kind: ListKind | undefined;
  readonly entries: readonly ListEntry[];
}

export interface Schedule {
  readonly name: string;
  readonly place: Place;
  /** IANA name. */
  readonly timezone: string;
  /** Weekdays, 0 Sunday … 6 Saturday, on which it begins. */
  readonly days: readonly number[];
  /** Minutes after local midnight; `until` at or before `from` ends on the next day. */
  readonly from: number;
  readonly until: number;
  /** Local dates (YYYY-MM-DD) on which it does not begin. */
  readonly except: readonly string[];
}

export type Test =
  /** Equal to one of the values; `negate`: to none of them. */
  | { is: 'one-of'; values: readonly string[]; exact: boolean; negate: boolean }
  | { is: 'in-list'; list: List; as: ListKind; negate: boolean }
  | { is: 'glob' | 'contains' | 'starts' | 'ends'; value: string; exact: boolean }
  | { is: 'regex'; source: string; exact: boolean; place: Place }
  | { is: 'words'; list: List; atLeast: number }
  | { is: 'pattern'; pattern: PatternName }
  /** Inclusive where equal or between; exclusive where over or under. */
  | { is: 'number'; relation: 'equal' | 'between' | 'over' | 'under'; low: number; high: number }
  | { is: 'cidr'; nets: readonly string[]; negate: boolean }
  | { is: 'within'; schedules: readonly Schedule[]; negate: boolean }
  | { is: 'present'; present: boolean };

export type Condition =
  | { readonly op: 'all'; readonly of: readonly Condition[] }
  | { readonly op: 'any'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | TestCondition;

export interface TestCondition {
  readonly op: 'test';
  readonly field: FieldName;
  readonly test: Test;
  readonly place: Place;
}

export interface Rate {
  readonly moreThan: number;
  /** Microseconds. */
  readonly period: number;
  readonly by: RateKey;
}

export interface Also {
  readonly log: boolean;
  readonly alert: 'low' | 'medium' | 'high' | undefined;
  readonly tags: readonly string[];
  readonly archive: 'full' | 'metadata' | 'none' | undefined;
  readonly quarantine: boolean;
  readonly count: readonly string[];
  /** Whole seconds. */
  readonly learn: number | undefined;
}

export interface Tell {
  readonly text: string;
  /** Microseconds. */
  readonly every: number;
}

export interface Rule {
  readonly id: string;
  readonly place: Place;
  readonly kinds: readonly EventKind[];
  /** Undefined: every event of these kinds. */
  readonly condition: Condition | undefined;
  readonly rate: Rate | undefined;
  /** What `then:` says; undefined: the rule only adds. */
  readonly action: Action | undefined;
  readonly also: Also;
  readonly tell: Tell | undefined;
  readonly shadow: boolean;
}

export interface Defaults {
  readonly message: 'pass' | 'drop' | 'hold' | 'reset';
  readonly unknownContact: 'pass' | 'drop' | 'hold';
  readonly appUnknown: 'pass' | 'log' | 'drop' | 'reset';
  readonly opaque: 'pass' | 'log' | 'drop' | 'reset';
  readonly undecodable: 'pass' | 'reset';
  readonly overload: 'pass' | 'drop';
}

export const DEFAULTS: Defaults = {
  message: 'pass',
  unknownContact: 'pass',
  appUnknown: 'log',
  opaque: 'log',
  undecodable: 'pass',
  overload: 'pass',
};

/** One entry of `tests:`. */
export interface PolicyTest {
  readonly name: string;
  readonly place: Place;
  /** Judged before, to make contacts known and rates rise. */
  readonly given: readonly ImEvent[];
  readonly event: ImEvent;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly action?: Action | undefined;
  readonly rule?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly alert?: string | undefined;
  readonly tell?: string | boolean | undefined;
  readonly shadow?: string | undefined;
  readonly archive?: string | undefined;
  readonly quarantine?: boolean | undefined;
  readonly log?: boolean | undefined;
  /** Whole seconds; 0: nothing is learned. */
  readonly learn?: number | undefined;
}

export interface Policy {
  readonly rules: readonly Rule[];
  readonly lists: readonly List[];
  readonly schedules: readonly Schedule[];
  readonly defaults: Defaults;
  /** Identity globs of our own people besides the directory. */
  readonly ours: readonly string[];
  readonly people: readonly Person[];
  readonly tests: readonly PolicyTest[];
}
