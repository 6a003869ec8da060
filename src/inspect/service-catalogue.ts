/** What the engine asks of the service catalogue; rules/services/ answers from its YAML files. */
import type { Activity, Confidence } from '../event/event.ts';

export interface ServiceMatch {
  /** As in `event.service`. */
  readonly service: string;
  /** Undefined: the entry does not tell. */
  readonly activity: Activity | undefined;
  readonly confidence: Confidence;
  /** Others are at the same addresses (a content network, a cloud): nothing is to be learned from one. */
  readonly shared: boolean;
}

export interface ServiceCatalogue {
  /** The longest known suffix, on a label boundary, of a lower-case name. */
  byHost(host: string, port: number): ServiceMatch | undefined;
  /**
   * False: `byHost` surely knows nothing of the name in buffer[start, end), in either case, with or without a dot at
   * its end. A quick answer for most names; absent: there is none.
   */
  mayKnow?(buffer: Uint8Array, start: number, end: number): boolean;
  /** `whatsapp-noise`, `alpn:apns-security-v3`, … */
  bySignature(name: string): ServiceMatch | undefined;
  /**
   * Ranges of a service's own. The address as the flow table has it: words[at .. at + 2] and `low`; IPv4 in `low`
   * alone, the others 0.
   */
  byAddress(
    words: Int32Array,
    at: number,
    low: number,
    port: number,
    transport: 'tcp' | 'udp',
  ): ServiceMatch | undefined;
}

export const NO_SERVICES: ServiceCatalogue = Object.freeze({
  byHost: () => undefined,
  bySignature: () => undefined,
  byAddress: () => undefined,
});
