/** A policy compiled: the judge. */
import type { ImEvent, VerdictRecord } from '../src/event/event.ts';
import type { Judge } from '../src/verdict/judge.ts';
import type { Directory } from './directory/directory.ts';
import type { Compiled } from './match/compile-condition.ts';
import { type CompiledParts, compilingParts } from './match/compile-parts.ts';
import { InternedRecords } from './match/interned-records.ts';
import { matchedParts } from './match/matched.ts';
import type { Matcher } from './match/matcher.ts';
import { isInMarkup, type Range, rangesOf } from './match/redact.ts';
import type { RuleIndex } from './match/rule-index.ts';
import { conversationOf, tellText } from './match/tell.ts';
import { DefaultVerdicts, verdictOf } from './match/verdict.ts';
import type { Defaults, Policy, Rate, Rule } from './policy/policy.ts';
import { JudgeState } from './state/judge-state.ts';
import { finish } from './steps.ts';

const MOST_MATCHED = 16; // strings in one verdict
const MOST_SHADOWS = 16;
/** `why` of a redact verdict that masking the text does not fulfil. */
export const IN_MARKUP =
  'the markup shows it too: the message is dropped where only the text can be masked';

export class CompiledRules implements Judge {
  /** `sha256:…` over the sources. */
  readonly hash: string;
  readonly policy: Policy;
  /** The people of the policy. */
  readonly directory: Directory;
  readonly #matcher: Matcher;
  readonly #index: RuleIndex;
  readonly #compiled: readonly (Compiled | undefined)[];
  /** Rules whose verdict reads the same for every event. */
  readonly #static: ReadonlySet<Rule>;
  readonly #defaults: DefaultVerdicts;
  readonly #state: JudgeState;
  readonly #asksKnown: boolean;
  readonly #asksRooms: boolean;
  readonly #interned = new InternedRecords();
  readonly #inMarkup = new WeakMap<VerdictRecord, VerdictRecord>();
  readonly #added: Rule[] = [];
  readonly #shadows: Rule[] = [];

  /** `state` is handed on from the set that this one replaces; `parts` may be made before, in steps. */
  constructor(
    policy: Policy,
    hash: string,
    state: JudgeState = new JudgeState(),
    parts: CompiledParts = finish(compilingParts(policy, state)),
  ) {
    this.policy = policy;
    this.hash = hash;
    this.directory = parts.directory;
    this.#state = state;
    this.#compiled = parts.compiled;
    this.#matcher = parts.matcher;
    this.#index = parts.index;
    this.#static = parts.static;
    this.#defaults = new DefaultVerdicts(policy.defaults, hash);
    this.#asksKnown = parts.asksKnown;
    this.#asksRooms = parts.asksRooms;
  }

  get defaults(): Defaults {
    return this.policy.defaults;
  }

  /** Contacts, rooms, rates and notices so far: give it to the set that replaces this one. */
  get state(): JudgeState {
    return this.#state;
  }

  /** The same rules with nothing remembered. */
  fresh(): CompiledRules {
    return new CompiledRules(this.policy, this.hash);
  }

  judge(event: ImEvent): VerdictRecord {
    this.#matcher.begin(event);
    const verdict = this.#evaluate(event);
    if (this.#asksKnown || this.#asksRooms) this.#learn(event, verdict);
    return verdict;
  }

  /**
   * Where in the event's text the rule of a redact verdict matched. With `redact` (match/redact.ts)
   * it gives the text to show or to send on; only the text, so ask `masksAll` before sending.
   */
  redactions(event: ImEvent, verdict: VerdictRecord): readonly Range[] {
    const rule = this.policy.rules.find(({ id }) => id === verdict.rule);
    if (verdict.action !== 'redact' || event.text === undefined) return [];
    return rangesOf(rule?.condition, event.text, this.#matcher.vocabulary);
  }

  /** False where `markup` shows what a redact verdict hides: then `why` is IN_MARKUP. */
  masksAll(event: ImEvent, verdict: VerdictRecord): boolean {
    const rule = this.policy.rules.find(({ id }) => id === verdict.rule);
    return !isInMarkup(rule?.condition, event.markup, this.#matcher.vocabulary);
  }

  /** For explanations: a matcher that sees `event`, without judging it. */
  look(event: ImEvent): Matcher {
    this.#matcher.begin(event);
    return this.#matcher;
  }

  /** Whether the rule's rate is exceeded for the event last looked at, without counting it. */
  exceedsRate(rule: Rule): boolean {
    const { rate } = rule;
    const key = rate === undefined ? undefined : this.#rateKey(rule, rate);
    if (rate === undefined || key === undefined) return rate === undefined;
    const { time } = this.#matcher.view.event;
    return this.#state.rates.exceeds(key, rate.moreThan, rate.period, time);
  }

  #evaluate(event: ImEvent): VerdictRecord {
    const index = this.#index;
    index.gather(event.kind, this.#matcher);
    const { size } = index;
    if (size === 0) return this.#defaults.of(event, this.#matcher.view);
    const added = this.#added;
    const shadows = this.#shadows;
    added.length = 0;
    shadows.length = 0;
    let ended: Rule | undefined;
    let shadowEnded = false;
    for (let i = 0; i < size; i++) {
      const number = index.candidates[i] ?? 0;
      const rule = this.policy.rules[number];
      if (rule === undefined || (rule.shadow && shadowEnded)) continue;
      if (this.#compiled[number]?.holds(this.#matcher) === false) continue;
      if (rule.rate !== undefined && !this.#countRate(rule, rule.rate)) continue;
      if (rule.shadow) {
        if (shadows.length < MOST_SHADOWS) shadows.push(rule);
        shadowEnded = rule.action !== undefined;
      } else if (rule.action !== undefined) {
        ended = rule;
        break;
      } else added.push(rule);
    }
    const base = this.#defaults.of(event, this.#matcher.view);
    if (ended === undefined && added.length === 0 && shadows.length === 0) return base;
    const record = this.#record(event, ended, base);
    if (ended?.action !== 'redact' || event.markup === undefined) return record;
    const { vocabulary } = this.#matcher;
    return isInMarkup(ended.condition, event.markup, vocabulary)
      ? this.#shownTwice(record)
      : record;
  }

  /** The record that says that masking the text is not enough. */
  #shownTwice(record: VerdictRecord): VerdictRecord {
    let marked = this.#inMarkup.get(record);
    if (marked === undefined) {
      marked = Object.freeze({ ...record, why: IN_MARKUP });
      this.#inMarkup.set(record, marked);
    }
    return marked;
  }

  #record(event: ImEvent, ended: Rule | undefined, base: VerdictRecord): VerdictRecord {
    const added = this.#added;
    const shadows = this.#shadows;
    const interned = this.#interned;
    const known = interned.find(ended, added, shadows, base);
    if (known !== undefined) return known;
    const rules = ended === undefined ? added : [...added, ended];
    const record = verdictOf(
      {
        ended,
        added,
        shadows,
        matched: this.#matched(ended, added),
        tell: this.#tell(rules, event),
      },
      base,
      this.hash,
    );
    if (rules.every((rule) => this.#static.has(rule))) interned.keep(record);
    return record;
  }

  /** The ending rule's parts first; those of rules that only added under their names. */
  #matched(ended: Rule | undefined, added: readonly Rule[]): string[] {
    const first = ended ?? added[0];
    const parts = first === undefined ? [] : matchedParts(first, this.#matcher);
    for (const rule of added) {
      if (rule === first) continue;
      if (parts.length >= MOST_MATCHED) break;
      const own = matchedParts(rule, this.#matcher);
      parts.push(...(own.length === 0 ? [rule.id] : own.map((part) => `${rule.id}: ${part}`)));
    }
    return parts.slice(0, MOST_MATCHED);
  }

  /** The ending rule's notice, or else the first one, unless the conversation was told lately. */
  #tell(rules: readonly Rule[], event: ImEvent): string | undefined {
    const teller = rules.findLast((rule) => rule.action !== undefined && rule.tell !== undefined);
    const rule = teller ?? rules.find(({ tell }) => tell !== undefined);
    if (rule?.tell === undefined) return undefined;
    const { view } = this.#matcher;
    const { text, every } = rule.tell;
    const may = this.#state.mayTell(conversationOf(view), every, event.time);
    return may ? tellText(text, rule.id, view) : undefined;
  }

  #countRate(rule: Rule, rate: Rate): boolean {
    const key = this.#rateKey(rule, rate);
    if (key === undefined) return false;
    const { time } = this.#matcher.view.event;
    return this.#state.rates.count(key, rate.moreThan, rate.period, time);
  }

  #rateKey(rule: Rule, rate: Rate): string | undefined {
    const { view } = this.#matcher;
    const { service, room } = view.event;
    const { peers } = view;
    const other = typeof peers === 'string' ? peers : peers?.join(' ');
    const who = {
      account: view.account,
      user: view.person?.name ?? view.account,
      peer: other,
      room,
    }[rate.by];
    return who === undefined ? undefined : `${rule.id} ${service} ${who.toLowerCase()}`;
  }

  #learn(event: ImEvent, verdict: VerdictRecord): void {
    if (verdict.action !== 'pass' && verdict.action !== 'redact' && verdict.action !== 'strip') {
      return;
    }
    const { account, peers } = this.#matcher.view;
    const met = event.kind === 'room.join' ? event.room : peers;
    if (this.#asksKnown && account !== undefined && met !== undefined) {
      this.#state.known.learn(event, account, met);
    }
    if (this.#asksRooms) this.#state.rooms.learn(event);
  }
}
