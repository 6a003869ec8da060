/** Verdict records: from the rules that matched, or from the defaults. */
import type { Action, ImEvent, VerdictRecord } from '../../src/event/event.ts';
import type { Also, Defaults, Rule } from '../policy/policy.ts';
import type { EventView } from './event-view.ts';

/** What the matched rules come to. */
export interface Outcome {
  /** The rule that ended the matter. */
  readonly ended: Rule | undefined;
  /** Rules that only added, in order. */
  readonly added: readonly Rule[];
  readonly shadows: readonly Rule[];
  readonly matched: readonly string[];
  readonly tell: string | undefined;
}

type Draft = { -readonly [K in keyof VerdictRecord]: VerdictRecord[K] };

const ALERTS = ['low', 'medium', 'high'] as const;
const ARCHIVES = ['none', 'metadata', 'full'] as const;

/** The record of an outcome; `base` is what the defaults say where no rule ended the matter. */
export function verdictOf(outcome: Outcome, base: VerdictRecord, ruleset: string): VerdictRecord {
  const { ended, added, shadows, matched, tell } = outcome;
  const rules = ended === undefined ? added : [...added, ended];
  const draft: Draft = {
    action: ended?.action ?? base.action,
    enforced: true,
    rule: (ended ?? added[0])?.id ?? base.rule,
    ruleset,
  };
  if (matched.length > 0) draft.matched = Object.freeze(matched);
  else if (base.matched !== undefined && ended === undefined) draft.matched = base.matched;
  if (base.log === true && ended === undefined) draft.log = true;
  for (const { also } of rules) add(draft, also);
  // Learned is what a refused connection shows, never what may go on.
  if (draft.action !== 'drop' && draft.action !== 'reset') delete draft.learn;
  if (tell !== undefined) draft.tell = tell;
  if (shadows.length > 0) {
    draft.shadow = Object.freeze(
      shadows.map(({ id, action }) => ({ rule: id, action: `would-${action ?? 'match'}` })),
    );
  }
  return Object.freeze(draft);
}

function add(draft: Draft, also: Also): void {
  if (also.log) draft.log = true;
  if (also.quarantine) draft.quarantine = true;
  if (also.tags.length > 0) draft.tags = union(draft.tags, also.tags);
  if (also.count.length > 0) draft.count = union(draft.count, also.count);
  if (also.learn !== undefined) draft.learn = Math.max(draft.learn ?? 0, also.learn);
  // The loudest alert and the fullest archive win, whatever the order of the rules.
  const alert = stronger(ALERTS, draft.alert, also.alert);
  if (alert !== undefined) draft.alert = alert;
  const archive = stronger(ARCHIVES, draft.archive, also.archive);
  if (archive !== undefined) draft.archive = archive;
}

function union(a: readonly string[] | undefined, b: readonly string[]): readonly string[] {
  return Object.freeze([...new Set([...(a ?? []), ...b])]);
}

function stronger<T>(order: readonly T[], a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined) return b;
  return b !== undefined && order.indexOf(b) > order.indexOf(a) ? b : a;
}

/** Kinds with which a stranger gets in touch. */
const APPROACHES = new Set([
  'message',
  'file.offer',
  'call.offer',
  'contact.request',
  'room.invite',
]);

/** What the defaults say, each answer made once. */
export class DefaultVerdicts {
  readonly #defaults: Defaults;
  readonly #pass: VerdictRecord;
  readonly #made = new Map<string, VerdictRecord>();
  readonly #ruleset: string;

  constructor(defaults: Defaults, ruleset: string) {
    this.#defaults = defaults;
    this.#ruleset = ruleset;
    this.#pass = Object.freeze({ action: 'pass', enforced: true, ruleset });
  }

  of(event: ImEvent, view: EventView): VerdictRecord {
    const { message, unknownContact, appUnknown, opaque } = this.#defaults;
    const { undecodable, overload } = this.#defaults;
    const { kind } = event;
    if (unknownContact !== 'pass' && APPROACHES.has(kind) && view.contactKnown !== true) {
      return this.#make(unknownContact, 'unknown-contact');
    }
    if (kind === 'message' || kind === 'message.edit') return this.#make(message, 'message');
    if (kind === 'app.unknown') return this.#make(appUnknown, 'app-unknown');
    if (kind === 'flow.opaque') {
      const { reason } = event;
      if (reason === 'undecodable' && undecodable !== 'pass') {
        return this.#make(undecodable, 'undecodable');
      }
      if (reason === 'memory limit' && overload !== 'pass') return this.#make(overload, 'overload');
      return this.#make(opaque, 'opaque');
    }
    return this.#pass;
  }

  #make(action: Action | 'log', name: string): VerdictRecord {
    if (action === 'pass') return this.#pass;
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const base = { enforced: true, ruleset: this.#ruleset };
    const matched = Object.freeze([`defaults: ${name}`]);
    const made: VerdictRecord =
      action === 'log' ? { action: 'pass', ...base, log: true } : { action, ...base, matched };
    this.#made.set(name, Object.freeze(made));
    return made;
  }
}
