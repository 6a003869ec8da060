/** How long a record is kept: the first rule that fits it holds; where none fits, for ever. */

/** As `archive.retention` of the configuration has it: all that it names must fit. */
export interface RetentionRule {
  readonly service: string | undefined;
  /** Of the directory as it is now: of somebody who takes part. */
  readonly group: string | undefined;
  readonly tag: string | undefined;
  readonly days: number;
}

/** Of a record, what rules ask for. */
export interface Kept {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly service: string | null;
  readonly tags: ReadonlySet<string>;
  readonly persons: ReadonlySet<string>;
}

/** Groups of a person of the directory. */
export type GroupsOf = (person: string) => readonly string[];

const DAY = 86_400e6; // µs

export class RetentionRules {
  readonly rules: readonly RetentionRule[];
  readonly #cutoffs: readonly number[];
  readonly #groupsOf: GroupsOf;
  readonly #members = new Map<string, ReadonlySet<string>>();

  /** `now`: microseconds since 1970. */
  constructor(rules: readonly RetentionRule[], now: number, groupsOf: GroupsOf = () => []) {
    this.rules = rules;
    this.#cutoffs = rules.map(({ days }) => now - days * DAY);
    this.#groupsOf = groupsOf;
  }

  /** Nothing younger than this is due by any rule: microseconds. */
  get youngest(): number {
    return Math.max(Number.NEGATIVE_INFINITY, ...this.#cutoffs);
  }

  get needsPersons(): boolean {
    return this.rules.some(({ group }) => group !== undefined);
  }

  get needsTags(): boolean {
    return this.rules.some(({ tag }) => tag !== undefined);
  }

  cutoff(rule: number): number {
    return this.#cutoffs[rule] ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * The rule by which it is to go, by number; undefined: it is kept. A record of `days` days goes in the moment
   * in which it is that old, not a microsecond before.
   */
  due(record: Kept): number | undefined {
    const rule = this.rules.findIndex((one) => this.#fits(one, record));
    return rule !== -1 && record.time <= this.cutoff(rule) ? rule : undefined;
  }

  #fits({ service, group, tag }: RetentionRule, record: Kept): boolean {
    if (service !== undefined && record.service !== service) return false;
    if (tag !== undefined && !record.tags.has(tag)) return false;
    if (group === undefined) return true;
    for (const person of record.persons) if (this.#groups(person).has(group)) return true;
    return false;
  }

  #groups(person: string): ReadonlySet<string> {
    let groups = this.#members.get(person);
    if (groups === undefined) {
      groups = new Set(this.#groupsOf(person));
      this.#members.set(person, groups);
    }
    return groups;
  }
}

/** `service irc, tag dlp: 90 days`. */
export function ruleText({ service, group, tag, days }: RetentionRule): string {
  const parts = [
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
    ...(tag === undefined ? [] : [`tag ${tag}`]),
  ];
  return `${parts.length === 0 ? 'everything else' : parts.join(', ')}: ${days} ${days === 1 ? 'day' : 'days'}`;
}
