/** A protocol that one datagram tells: whoever has the form is of it, and its first one is enough. */
import type { Activity } from '../../src/event/event.ts';
import { type Direction, type FlowFacts, Probe, type ProtocolDefinition } from '../contract.ts';
import { MarkedDatagrams, OTHER } from './marked-datagrams.ts';

export interface OneDatagram {
  readonly name: string;
  readonly activity?: Activity;
  readonly ports?: readonly number[];
  /** All octets that the forms begin with; absent: any. */
  readonly firstOctets?: string;
  readonly reason: string;
  /** Name of the signature that a whole datagram bears, if it bears one. Pure, allocates nothing. */
  signatureOf(direction: Direction, octets: Uint8Array): string | undefined;
}

export function oneDatagram(protocol: OneDatagram): ProtocolDefinition {
  const { name, activity, ports = [], firstOctets, reason, signatureOf } = protocol;
  const create = () =>
    new MarkedDatagrams((direction, octets) => {
      const signature = signatureOf(direction, octets);
      if (signature === undefined) return OTHER;
      return signatureFacts(signature, reason);
    });
  return {
    name,
    transport: 'udp',
    opaque: true,
    ...(activity ? { activity } : {}),
    ports,
    probeLimit: 65_535,
    ...(firstOctets === undefined ? {} : { firstOctets }),
    probe: (direction, octets) =>
      octets.length === 0
        ? Probe.More
        : signatureOf(direction, octets) === undefined
          ? Probe.No
          : Probe.Yes,
    create,
  };
}

export function signatureFacts(signature: string, reason: string): FlowFacts {
  return { evidence: 'signature', signatures: [signature], reason };
}
