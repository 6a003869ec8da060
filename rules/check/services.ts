/** What is known of each service: the protocols in which it is read, and what the catalogue tells of the rest. */
import type { Activity } from '../../src/event/event.ts';
import type { Catalogue, ServiceKind } from '../catalogue/catalogue.ts';
import { PROTOCOLS, type ProtocolNature } from './protocols.ts';

export interface ServiceNature {
  /** content: conversations could be read; opaque: only the connection is seen. */
  readonly visibility: 'content' | 'opaque';
  readonly kind: ServiceKind;
  /** The protocols in which this version reads it; none: it is only recognised, if that. */
  readonly protocols: readonly ProtocolNature[];
  /** The catalogue knows its hosts, signatures or addresses. */
  readonly isRecognised: boolean;
  /** What its connections are told to be for. */
  readonly activities: ReadonlySet<Activity | typeof UNKNOWN>;
}

/** Of an entry that does not tell. */
export const UNKNOWN = 'unknown';

/** Named by the event model; a later version reads them. */
const LATER = ['stomp', 'nats'];
/** Numbers and commands are read, and nothing of what is said. */
const SILENT = new Set(['qq']);

/** What parsers tell besides the catalogue (FlowFacts.activity). */
const TOLD_BY_PARSERS: ReadonlyMap<string, Activity> = new Map([
  // The obfuscated header names a data centre for media by a negative number.
  ['telegram', 'media'],
]);

/** Those that parsers read and those of the catalogue, in this order. */
export function knownServices({
  services,
  entries,
}: Catalogue): ReadonlyMap<string, ServiceNature> {
  const known = new Map<string, ServiceNature>();
  const recognised = new Map(services.map(({ id, kind }) => [id, kind]));
  const told = new Map<string, Set<Activity | typeof UNKNOWN>>();
  const tell = (service: string, activity: Activity | typeof UNKNOWN) => {
    const activities = told.get(service) ?? new Set();
    told.set(service, activities.add(activity));
  };
  for (const { service, activity, hosts, exact } of entries) {
    tell(service, activity ?? UNKNOWN);
    if (hosts.length + exact.length > 0) tell(service, 'lookup');
  }
  for (const [service, activity] of TOLD_BY_PARSERS) tell(service, activity);
  for (const { services: named, carries } of PROTOCOLS.values()) {
    for (const service of named) tell(service, carries === 'transfer' ? 'media' : 'chat');
  }
  const read = [...PROTOCOLS.values()].flatMap((protocol) => protocol.services);
  for (const service of new Set([...read, ...LATER, ...recognised.keys()])) {
    const protocols = [...PROTOCOLS.values()].filter((one) => one.services.includes(service));
    const isRead = protocols.length > 0 || LATER.includes(service);
    known.set(service, {
      visibility: isRead && !SILENT.has(service) ? 'content' : 'opaque',
      kind: recognised.get(service) ?? 'messenger',
      protocols,
      isRecognised: recognised.has(service),
      activities: told.get(service) ?? new Set(),
    });
  }
  return known;
}
