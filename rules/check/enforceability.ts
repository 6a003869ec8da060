/** Which rules a deployment can carry out, for which service, and if not, why not. */
import type { Action } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { fieldOf } from '../fields.ts';
import type { Policy, Rule } from '../policy/policy.ts';
import type { Place } from '../source/diagnostic.ts';
import {
  type Answer,
  type Degree,
  FULL,
  type Means,
  type Mode,
  not,
  noting,
  partly,
  REPLAYED,
} from './answer.ts';
import { askedOf } from './asked.ts';
import { allTests } from './check-rules.ts';
import { isOfConnections, ofConnections, untold } from './connections.ts';
import type { ProtocolNature } from './protocols.ts';
import type { ServiceNature } from './services.ts';

export interface Enforceability extends Answer {
  readonly rule: string;
  readonly place: Place;
  readonly service: string;
}

/** Every rule by every service that it can be about. Rules in shadow mode only report. */
export function enforceability(
  policy: Policy,
  services: ReadonlyMap<string, ServiceNature>,
  mode: Mode,
  means: Means = {},
): Enforceability[] {
  return policy.rules.flatMap((rule) => {
    const named = askedOf(rule, 'service', services.keys());
    return [...services]
      .filter(([service, nature]) => (named?.has(service) ?? true) && mayConcern(rule, nature))
      .map(([service, nature]) => {
        const { degree, reasons } = judgeRule(rule, nature, mode, means);
        return { rule: rule.id, place: rule.place, service, degree, reasons };
      });
  });
}

/** Relays and push services are no party to conversations. */
function mayConcern(rule: Rule, nature: ServiceNature): boolean {
  const { kind } = nature;
  if (kind === 'messenger' || kind === 'social') return true;
  return isOfConnections(rule) && untold(rule, nature) === undefined;
}

function judgeRule(rule: Rule, nature: ServiceNature, mode: Mode, means: Means): Answer {
  const needs = contentNeeds(rule);
  if (nature.visibility === 'opaque' && needs !== undefined) {
    return not(`${needs} cannot be seen in encrypted traffic: the service is only recognised`);
  }
  const protocols = concerned(rule, nature);
  if (protocols.length === 0 && !nature.isRecognised) {
    return not('no parser reads this service yet');
  }
  const missing = untold(rule, nature);
  if (missing !== undefined) return not(missing);
  if (rule.shadow) return FULL;
  if (protocols.length === 0 || isOfConnections(rule)) {
    return both(ofConnections(rule, mode, means));
  }
  return both([
    ofAction(rule.action ?? 'pass', protocols, mode, means),
    ofTell(rule, mode),
    nature.isRecognised ? noting('what of it is encrypted is only recognised') : FULL,
  ]);
}

const ORDER: readonly Degree[] = ['enforced', 'partly', 'not'];

/** The least of them, for all of their reasons. */
function both(parts: readonly Answer[]): Answer {
  const degree = ORDER[Math.max(...parts.map((part) => ORDER.indexOf(part.degree)))] ?? 'not';
  return { degree, reasons: parts.flatMap(({ reasons }) => reasons) };
}

/** Kinds that a connection of their own carries: the content of a file. */
const TRANSFERS = new Set<EventKind>(['file.start', 'file.complete']);

/** The protocols in which the rule's events come. */
function concerned({ kinds }: Rule, { protocols }: ServiceNature): readonly ProtocolNature[] {
  const talks = kinds.some((kind) => !TRANSFERS.has(kind));
  const moves = kinds.some((kind) => TRANSFERS.has(kind));
  return protocols.filter(({ carries }) => (carries === 'transfer' ? moves : talks || moves));
}

/** What the rule asks that only a readable conversation can answer. */
function contentNeeds(rule: Rule): string | undefined {
  const visible = rule.kinds.filter((kind) => kind.startsWith('flow.'));
  if (visible.length === 0) return `'${rule.kinds[0] ?? 'it'}'`;
  const test = allTests(rule.condition).find(({ field }) => fieldOf(field).content);
  return test === undefined ? undefined : `'${test.field}'`;
}

function ofAction(
  action: Action,
  protocols: readonly ProtocolNature[],
  mode: Mode,
  { resets }: Means,
): Answer {
  if (action === 'pass') return FULL;
  if (mode === 'replay') return REPLAYED;
  if (mode === 'tap' && resets === true && (action === 'drop' || action === 'reset')) {
    return partly('the connection is reset after what asked for it has passed');
  }
  if (mode === 'tap') return not(`tap mode sees copies of packets: it cannot ${action}`);
  switch (action) {
    case 'reset':
      return FULL;
    case 'drop':
      return mode === 'proxy' ? FULL : ofDrop(protocols);
    case 'redact':
      if (mode === 'proxy') return FULL;
      if (protocols.every(({ carries, verbatim }) => carries === 'transfer' || verbatim)) {
        return partly(
          'masked where the text stands verbatim; escaped or compressed text is dropped',
        );
      }
      return partly('the text is encoded on the wire: the message is dropped instead');
    case 'strip':
      if (mode === 'proxy') return FULL;
      return partly('a bridge drops the offer; attachments inside a message drop the message');
    case 'hold':
      if (mode === 'proxy') return FULL;
      return partly('a bridge cannot keep a message back: it is dropped');
  }
}

function ofDrop(protocols: readonly ProtocolNature[]): Answer {
  const talks = protocols.filter(({ carries }) => carries === 'conversation');
  if (talks.some(({ neutral }) => !neutral)) {
    return partly('this protocol has no neutral form: the connection is reset instead');
  }
  const reasons = talks.flatMap(({ reserve }) => reserve ?? []);
  if (protocols.some(({ carries, neutral }) => carries === 'transfer' && !neutral)) {
    reasons.push('a transfer under way is stopped by resetting its own connection');
  }
  return { degree: 'enforced', reasons: [...new Set(reasons)] };
}

function ofTell(rule: Rule, mode: Mode): Answer {
  if (rule.tell === undefined || mode === 'proxy') return FULL;
  const why = `${mode} mode cannot write into a conversation: nobody is told`;
  return partly(why);
}
