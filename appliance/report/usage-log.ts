/** How much each service was used, what for and by whom: connections, octets and time. Bounded. */
import type { ImEvent } from '../../src/event/event.ts';
import { kept } from './kept.ts';

export const USAGE_LIMITS = { services: 500, users: 2000, nameCodeUnits: 100 } as const;

export interface Usage {
  connections: number;
  /** Payload octets. */
  sent: number;
  received: number;
  /** Seconds that connections lasted, added up. */
  seconds: number;
}

export interface ServiceUsage extends Usage {
  readonly name: string;
  /** By what the connections were for; `other` where that is not known. */
  readonly activities: Map<string, Usage>;
  /** By person, account, or address of the client. */
  readonly users: Map<string, Usage>;
  /** Users who found no place. */
  leftOut: number;
}

export class UsageLog {
  readonly #services = new Map<string, ServiceUsage>();
  #users = 0;
  /** Connections of services that found no place. */
  leftOut = 0;

  add(event: ImEvent): void {
    const { kind, totals, activity } = event;
    if (kind !== 'flow.end' || totals === undefined || activity === 'lookup') return;
    const service = this.#service(event.service ?? event.protocol ?? '?');
    if (service === undefined) {
      this.leftOut += 1;
      return;
    }
    const { octetsToServer: sent, octetsToClient: received, duration: seconds } = totals;
    const amount = { connections: 1, sent, received, seconds };
    add(service, amount);
    add(entry(service.activities, activity ?? 'other'), amount);
    const user = kept(event.person ?? event.account ?? hostOf(event), USAGE_LIMITS.nameCodeUnits);
    if (!service.users.has(user)) {
      if (this.#users >= USAGE_LIMITS.users) {
        service.leftOut += 1;
        return;
      }
      this.#users += 1;
    }
    add(entry(service.users, user), amount);
  }

  /** Most octets first. */
  get services(): ServiceUsage[] {
    return [...this.#services.values()].sort(
      (a, b) => octets(b) - octets(a) || (a.name < b.name ? -1 : 1),
    );
  }

  #service(name: string): ServiceUsage | undefined {
    let service = this.#services.get(name);
    if (service !== undefined || this.#services.size >= USAGE_LIMITS.services) return service;
    const none = { connections: 0, sent: 0, received: 0, seconds: 0 };
    const shown = kept(name, USAGE_LIMITS.nameCodeUnits);
    service = { name: shown, ...none, activities: new Map(), users: new Map(), leftOut: 0 };
    this.#services.set(name, service);
    return service;
  }
}

export function octets({ sent, received }: Usage): number {
  return sent + received;
}

function entry(map: Map<string, Usage>, name: string): Usage {
  let usage = map.get(name);
  if (usage === undefined) {
    usage = { connections: 0, sent: 0, received: 0, seconds: 0 };
    map.set(name, usage);
  }
  return usage;
}

function add(to: Usage, amount: Usage): void {
  to.connections += amount.connections;
  to.sent += amount.sent;
  to.received += amount.received;
  to.seconds += amount.seconds;
}

/** The client's address without its port: `10.0.0.5`, `2001:db8::5`. */
function hostOf({ flow }: ImEvent): string {
  const client = flow?.client ?? '?';
  const colon = client.lastIndexOf(':');
  const address = colon < 0 ? client : client.slice(0, colon);
  return address.startsWith('[') ? address.slice(1, -1) : address;
}
