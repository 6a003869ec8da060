/** `truth/encrypted.json`: handshakes as tshark saw them, and what nDPI made of the flows. */
import { readFileSync } from 'node:fs';
import type { ImEvent } from '../../src/event/event.ts';
import { corpusPath } from '../support/corpus.ts';

export interface Handshake {
  readonly frame: number;
  readonly l4: 'tcp' | 'udp';
  readonly src: string;
  readonly sport: string;
  readonly dst: string;
  readonly dport: string;
  /** Empty: none. */
  readonly sni: string;
  /** The first one; empty: none. */
  readonly alpn: string;
  /** `0x00000001`; empty: TLS. */
  readonly quic_version: string;
}

export interface NdpiFlow {
  readonly id: number;
  readonly l4: string;
  readonly a: string;
  readonly b: string;
  /** `TLS.WhatsAppFiles` */
  readonly service: string;
  readonly host: string | null;
}

export interface EncryptedTruth {
  readonly flows: readonly Handshake[];
  readonly ndpi_flows?: readonly NdpiFlow[];
}

export function encryptedTruth(): ReadonlyMap<string, EncryptedTruth> {
  const text = readFileSync(corpusPath('truth', 'encrypted.json'), 'utf8');
  return new Map(Object.entries(JSON.parse(text) as Record<string, EncryptedTruth>));
}

/** The two ends of a flow, whichever is named first. */
export function endsKey(transport: string, one: string, other: string): string {
  const [first, second] = [plain(one), plain(other)].sort();
  return `${transport.toLowerCase()} ${first} ${second}`;
}

export function keyOfEvent({ flow }: ImEvent): string {
  return endsKey(flow?.transport ?? '', flow?.client ?? '', flow?.server ?? '');
}

export function joined(address: string, port: string): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** IPv6 as the engine writes it. */
function plain(endpoint: string): string {
  return endpoint.toLowerCase();
}
