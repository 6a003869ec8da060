/** The protocols by name and by transport, as the inspection asks for them. */
import type { ProtocolDefinition } from '../../parsers/contract.ts';
import { UDP } from '../flow/transport.ts';
import { datagramProbes, FirstOctet } from './first-octet.ts';

export class RegistryView {
  readonly #byName: ReadonlyMap<string, ProtocolDefinition>;
  readonly #tcp: readonly ProtocolDefinition[];
  readonly #udp: readonly ProtocolDefinition[];

  /** Of the TCP protocols. */
  readonly firstOctet: FirstOctet;

  /**
   * By the first octet to the server of a TCP flow whose opening was seen, the protocol that is asked first, where it
   * can tell what is nobody's.
   */
  readonly #nobodys: readonly (ProtocolDefinition | undefined)[];

  /** 1 for each port on which UDP protocols are usual. */
  readonly datagramPorts = new Uint8Array(65536);
  readonly #datagrams: readonly (readonly ProtocolDefinition[])[];

  constructor(definitions: readonly ProtocolDefinition[]) {
    this.#byName = new Map(definitions.map((d) => [d.name, d]));
    const probed = definitions.filter((d) => d.probe !== undefined);
    this.#tcp = probed.filter((d) => d.transport === 'tcp');
    this.firstOctet = new FirstOctet(this.#tcp);
    this.#nobodys = Array.from({ length: 256 }, (_, octet) => {
      const first = this.firstOctet.first(0, octet, false);
      return this.#tcp[first]?.isNobodys === undefined ? undefined : this.#tcp[first];
    });
    this.#udp = probed.filter((d) => d.transport === 'udp');
    this.#datagrams = datagramProbes(this.#udp);
    for (const { ports } of this.#udp) for (const port of ports) this.datagramPorts[port] = 1;
  }

  named(name: string): ProtocolDefinition | undefined {
    return this.#byName.get(name);
  }

  /** Who may tell by the first segment to the server that the flow is nobody's; undefined: nobody can. */
  tellsNobodys(octet: number): ProtocolDefinition | undefined {
    return this.#nobodys[octet];
  }

  /** Those with a probe, for an IP protocol number. */
  probed(transport: number): readonly ProtocolDefinition[] {
    return transport === UDP ? this.#udp : this.#tcp;
  }

  /** UDP protocols with a probe. */
  get datagrams(): readonly ProtocolDefinition[] {
    return this.#udp;
  }

  /** UDP protocols with a probe that a datagram with this first octet may be of. */
  ofDatagram(octet: number): readonly ProtocolDefinition[] {
    return this.#datagrams[octet] ?? this.#udp;
  }
}
