/** Whose verdict changes when one rule set replaces another, on recorded events. */
import type { ImEvent, VerdictRecord } from '../src/event/event.ts';
import type { CompiledRules } from './compile.ts';
import { splitEndpoint } from './lists/cidr.ts';

export interface VerdictChange {
  /** Or the client's address, of a connection that is only recognised. */
  readonly account: string | undefined;
  /** The other party or the room; of a connection the service, and what for. */
  readonly peer: string | undefined;
  /** What both sets said to the first of the events. */
  readonly before: VerdictRecord;
  readonly after: VerdictRecord;
  /** How many events changed in this way. */
  events: number;
  readonly firstEvent: ImEvent;
}

/** Groups told apart; what comes after that is counted in `others`. */
const MOST_GROUPS = 10_000;

export class RulesDiff {
  /** Events judged, and those whose verdict changed. */
  events = 0;
  changed = 0;
  others = 0;
  readonly #before: CompiledRules;
  readonly #after: CompiledRules;
  readonly #groups = new Map<string, VerdictChange>();

  /** Both sets start with nothing remembered. */
  constructor(before: CompiledRules, after: CompiledRules) {
    this.#before = before.fresh();
    this.#after = after.fresh();
  }

  /** Judges with both; whether the verdict changed. */
  add(event: ImEvent): boolean {
    const before = this.#before.judge(event);
    const after = this.#after.judge(event);
    this.events++;
    if (said(before) === said(after)) return false;
    this.changed++;
    const { account, peer } = between(event);
    const key = JSON.stringify([account, peer, said(before), said(after)]);
    const known = this.#groups.get(key);
    if (known !== undefined) known.events++;
    else if (this.#groups.size >= MOST_GROUPS) this.others++;
    else this.#groups.set(key, { account, peer, before, after, events: 1, firstEvent: event });
    return true;
  }

  /** By number of events, the most first. */
  get changes(): readonly VerdictChange[] {
    return [...this.#groups.values()].sort((a, b) => b.events - a.events);
  }
}

export function diffRules(
  before: CompiledRules,
  after: CompiledRules,
  events: Iterable<ImEvent>,
): RulesDiff {
  const diff = new RulesDiff(before, after);
  for (const event of events) diff.add(event);
  return diff;
}

type Parties = Pick<VerdictChange, 'account' | 'peer'>;

/** Of a connection that is only recognised: whose address, and the service that is used. */
function between(event: ImEvent): Parties {
  const { account, room, origin, from, to, flow, kind, service, activity } = event;
  if (!kind.startsWith('flow.')) {
    return { account, peer: room ?? (origin === 'server' ? from : to?.join(', ')) };
  }
  const client = flow === undefined ? undefined : splitEndpoint(flow.client).address;
  return { account: account ?? client, peer: activity ? `${service} ${activity}` : service };
}

/** What a verdict comes to for the user and the record. */
function said(verdict: VerdictRecord): string {
  const { action, rule, tags, alert, archive, quarantine, log, count, learn } = verdict;
  const { tell, shadow } = verdict;
  return JSON.stringify([
    action,
    rule,
    tags,
    alert,
    archive,
    quarantine,
    log,
    count,
    learn,
    tell,
    shadow,
  ]);
}
