/** What service files say, read and checked: which hosts, signatures and addresses belong to which service. */
import type { Activity, Confidence } from '../../src/event/event.ts';
import type { Place } from '../source/diagnostic.ts';

/**
 * messenger: a service for messages or calls. social: a network for much else, of which messages are a part that its
 * hosts seldom tell apart. push: notifications of every app. evasion: hides where a connection goes (relays,
 * resolvers, VPNs).
 */
export const SERVICE_KINDS = ['messenger', 'social', 'push', 'evasion'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** Activities that an entry may name; `lookup` is of DNS alone. */
export const ENTRY_ACTIVITIES = [
  'chat',
  'media',
  'media-upload',
  'media-download',
  'call',
  'push',
  'web',
] as const satisfies readonly Activity[];

export type Transport = 'tcp' | 'udp';
/** First and last. */
export type PortRange = readonly [number, number];

/** What the matcher is made of. */
export interface MatchEntry {
  readonly service: string;
  readonly activity: Activity | undefined;
  readonly confidence: Confidence;
  readonly shared: boolean;
  /** Patterns (host-pattern.ts) of names and all names below them. */
  readonly hosts: readonly string[];
  /** Patterns of whole names. */
  readonly exact: readonly string[];
  readonly signatures: readonly string[];
  readonly networks: readonly string[];
  /** Empty: at any. Of names and addresses; a signature is one at any port. */
  readonly ports: readonly PortRange[];
  /** Of addresses. */
  readonly transport: Transport | undefined;
}

export interface CatalogueEntry extends MatchEntry {
  readonly kind: ServiceKind;
  readonly source: string | undefined;
  /** When the source was read, `2026-11-26`. */
  readonly date: string | undefined;
  /** Names, signatures and `address:port/transport` that must be answered by this entry. */
  readonly proof: readonly string[];
  /** Captures of the corpus in which it was seen. */
  readonly seen: readonly string[];
  readonly place: Place;
}

export interface CatalogueService {
  readonly id: string;
  readonly name: string;
  readonly kind: ServiceKind;
  readonly place: Place;
}

export interface Catalogue {
  /** By id. */
  readonly services: readonly CatalogueService[];
  /** By service, then as written. */
  readonly entries: readonly CatalogueEntry[];
}

export const EMPTY_CATALOGUE: Catalogue = Object.freeze({ services: [], entries: [] });
