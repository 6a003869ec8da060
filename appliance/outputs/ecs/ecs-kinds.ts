/**
 * What each kind of event is in the Elastic Common Schema: its categories and types, from the values that the schema
 * allows (ECS 8.17, event.category and event.type).
 */
import { EVENT_KINDS, type EventKind } from '../../../src/event/kinds.ts';

export interface EcsKind {
  readonly category: readonly string[];
  readonly type: readonly string[];
  /** Of what was tried. */
  readonly outcome?: 'success' | 'failure';
}

const TALK: EcsKind = { category: ['network'], type: ['info'] };
const FILE: EcsKind = { category: ['network', 'file'], type: ['info'] };

const KINDS: Partial<Record<EventKind, EcsKind>> = {
  'session.login': {
    category: ['authentication', 'session'],
    type: ['start'],
    outcome: 'success',
  },
  'session.logout': { category: ['session'], type: ['end'] },
  'session.failed': { category: ['authentication'], type: ['start'], outcome: 'failure' },
  'file.offer': FILE,
  'file.accept': FILE,
  'file.decline': FILE,
  'file.cancel': FILE,
  'file.start': { category: ['network', 'file'], type: ['start'] },
  'file.complete': { category: ['network', 'file'], type: ['end'], outcome: 'success' },
  'call.offer': { category: ['network', 'session'], type: ['info'] },
  'call.accept': { category: ['network', 'session'], type: ['start'] },
  'call.end': { category: ['network', 'session'], type: ['end'] },
  'app.unknown': { category: ['network'], type: ['protocol'] },
  'flow.identified': { category: ['network'], type: ['connection', 'start'] },
  'flow.opaque': { category: ['network'], type: ['connection', 'info'] },
  'flow.end': { category: ['network'], type: ['connection', 'end'] },
};

export function ecsKind(kind: string): EcsKind {
  return KINDS[kind as EventKind] ?? TALK;
}

/** For the documentation: every kind there is. */
export function ecsKinds(): readonly (readonly [EventKind, EcsKind])[] {
  return EVENT_KINDS.map((kind) => [kind, ecsKind(kind)] as const);
}
