/**
 * Of which service a flow is, by what it shows and what is known besides: the catalogue, names looked up before,
 * addresses learned from refused flows.
 */
import type { FlowFacts, NameBook } from '../../parsers/contract.ts';
import { hostName } from '../bytes/host-name.ts';
import type { Activity, Confidence, Evidence } from '../event/event.ts';
import { CLIENT, CLIENT_HIGH, SERVER, SERVER_HIGH, STRIDE } from '../flow/layout.ts';
import { addressKey, type End } from '../flow/place-key.ts';
import type { FlowTable } from '../flow/table.ts';
import { UDP } from '../flow/transport.ts';
import type { Limits } from '../limits.ts';
import { transportName } from './flow-ends.ts';
import { LearnedAddresses, type LearnedService } from './learned-addresses.ts';
import { NameHints } from './name-hints.ts';
import type { ServiceCatalogue, ServiceMatch } from './service-catalogue.ts';

const SECOND = 1e6; // microseconds
const RANK: Readonly<Record<Confidence, number>> = { low: 0, medium: 1, high: 2 };

/** A flow is of this service. */
export interface Recognised {
  readonly service: string;
  readonly activity: Activity | undefined;
  readonly evidence: Evidence;
  readonly confidence: Confidence;
  readonly host: string | undefined;
  /** Others are at the same addresses. */
  readonly shared: boolean;
}

export class Recognition implements NameBook {
  /** May be exchanged between two packets. */
  services: ServiceCatalogue;
  readonly #table: FlowTable;
  readonly #hints: NameHints;
  readonly #learned: LearnedAddresses;

  constructor(services: ServiceCatalogue, table: FlowTable, limits: Limits) {
    this.services = services;
    this.#table = table;
    this.#hints = new NameHints(limits.nameHints);
    this.#learned = new LearnedAddresses(limits.learnedAddresses);
  }

  /**
   * What the facts, or else the server's place, tell; `flipped`: the table took the server for the client;
   * `inTunnel`: the server is a proxy.
   */
  of(
    facts: FlowFacts,
    slot: number,
    flipped: boolean,
    now: number,
    inTunnel = false,
  ): Recognised | undefined {
    const { hosts = [], signatures = [] } = facts;
    const port = flipped ? this.#table.clientPort(slot) : this.#table.serverPort(slot);
    for (const host of hosts) {
      const match = this.services.byHost(host, port);
      if (match !== undefined) return told(match, facts, facts.evidence, host);
    }
    for (const signature of signatures) {
      const match = this.services.bySignature(signature);
      if (match === undefined) continue;
      return told(match, facts, evidenceOf(signature, facts), hosts[0]);
    }
    // A name of nobody's says that it is something else.
    if (hosts.length > 0 || inTunnel) return undefined;
    return this.byPlace(slot, flipped, now, facts);
  }

  /** What the server's address tells: of datagrams, whose first sender need not be the client, either one's. */
  byPlace(slot: number, flipped: boolean, now: number, facts?: FlowFacts): Recognised | undefined {
    const table = this.#table;
    const found = this.#at(slot, flipped ? 'client' : 'server', now, facts);
    if (found !== undefined) return found;
    const isGuess = table.transport(slot) === UDP || !table.oriented(slot);
    return isGuess ? this.#at(slot, flipped ? 'server' : 'client', now, facts) : undefined;
  }

  /** NameBook: for parsers. */
  knows(buffer: Uint8Array, start: number, end: number, port: number): boolean {
    if (this.services.mayKnow?.(buffer, start, end) === false) return false;
    const host = hostName(buffer, start, end);
    return host !== undefined && this.services.byHost(host, port) !== undefined;
  }

  /** A name was looked up. */
  resolved(host: string, addresses: readonly string[], ttl: number, now: number): void {
    this.#hints.add(host, this.services.byHost(host, 0) !== undefined, addresses, ttl, now);
  }

  /** Addresses that a name of nobody's leads to. */
  nobodys(addresses: readonly string[]): void {
    this.#hints.remove(addresses);
  }

  /** What a rule had learned of the server of a flow that opens. */
  learned(slot: number, now: number): LearnedService | undefined {
    return this.#learned.of(this.#table, slot, now);
  }

  /** Later flows to the server of this one, which was refused, are known by it for `seconds`. */
  learn(known: Recognised, slot: number, flipped: boolean, seconds: number, now: number): void {
    if (known.confidence !== 'high' || known.shared) return;
    const place = this.byPlace(slot, flipped, now);
    const forAll = place?.service === known.service && !place.shared;
    const { service, activity, host } = known;
    const until = now + seconds * SECOND;
    this.#learned.add(this.#table, slot, flipped, forAll, { service, activity, host, until });
  }

  #at(slot: number, end: End, now: number, facts: FlowFacts | undefined): Recognised | undefined {
    const table = this.#table;
    const isServer = end === 'server';
    const port = isServer ? table.serverPort(slot) : table.clientPort(slot);
    if (this.#hints.size > 0) {
      const host = this.#hints.at(addressKey(table, slot, end), now);
      const match = host === undefined ? undefined : this.services.byHost(host, port);
      if (match !== undefined) {
        const most = match.shared ? 'low' : 'medium';
        return told(match, facts, 'dns', host, most);
      }
    }
    const at = slot * STRIDE;
    const match = this.services.byAddress(
      table.words,
      at + (isServer ? SERVER_HIGH : CLIENT_HIGH),
      table.words[at + (isServer ? SERVER : CLIENT)] ?? 0,
      port,
      transportName(table, slot),
    );
    return match && told(match, facts, 'address', undefined);
  }
}

function told(
  match: ServiceMatch,
  facts: FlowFacts | undefined,
  evidence: Evidence,
  host: string | undefined,
  most: Confidence = 'high',
): Recognised {
  const { service, shared } = match;
  const activity = facts?.activity ?? match.activity;
  const confidence = lower(lower(match.confidence, most), facts?.confidence ?? 'high');
  return { service, activity, evidence, confidence, host, shared };
}

function evidenceOf(signature: string, { evidence }: FlowFacts): Evidence {
  if (signature.startsWith('alpn:')) return 'alpn';
  return evidence === 'stun' ? 'stun' : 'signature';
}

function lower(a: Confidence, b: Confidence): Confidence {
  return RANK[a] < RANK[b] ? a : b;
}
