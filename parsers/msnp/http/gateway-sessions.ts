/**
 * Sessions of the gateway in the family's memory, under their newest identifier: the older ones are worth
 * nothing to anybody. An identifier is one client's: what another one says under it is another session,
 * as are the two sides of a web proxy.
 *
 * A session is more than an entry of a memory: here their number is bounded, and what each may hold
 * between two bodies.
 */
import type { FlowContext } from '../../contract.ts';
import { RecentMap } from '../../framing/recent-map.ts';
import { SESSION_HELD_LIMIT, SESSIONS_LIMIT } from '../msnp-limits.ts';
import type { GatewaySession } from './gateway-session.ts';

const KEY = 'msnp-gateway';

export class GatewaySessions {
  readonly #all: RecentMap<GatewaySession>;
  readonly #client: string;

  constructor({ memory, clientAddress }: FlowContext) {
    const known = memory.get(KEY);
    const all = known instanceof RecentMap ? (known as RecentMap<GatewaySession>) : undefined;
    this.#all = all ?? new RecentMap(SESSIONS_LIMIT, Number.MAX_SAFE_INTEGER, 0);
    if (all === undefined) memory.set(KEY, this.#all);
    this.#client = clientAddress;
  }

  find(id: string): GatewaySession | undefined {
    return this.#all.get(this.#key(id));
  }

  remember(session: GatewaySession, id: string): void {
    this.forget(session);
    session.id = id;
    this.#all.set(this.#key(id), session);
  }

  forget({ id }: GatewaySession): void {
    if (id !== undefined) this.#all.delete(this.#key(id));
  }

  /** Between two bodies: false where the session holds too much to be kept. */
  keeps(session: GatewaySession): boolean {
    if (session.held() <= SESSION_HELD_LIMIT) return true;
    this.forget(session);
    return false;
  }

  #key(id: string): string {
    return `${this.#client} ${id}`;
  }
}
