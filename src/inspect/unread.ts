/**
 * Flows whose protocol nobody knows, of services that their server's address tells. Not in the registry: no octets
 * are looked at.
 */
import { type FlowParser, type ProtocolDefinition, Status } from '../../parsers/contract.ts';

const parser: FlowParser = {
  push(_direction, _octets, sink) {
    sink.identify({ evidence: 'address', reason: 'unknown protocol' });
    return Status.Done;
  },
  gap: () => Status.Done,
  end() {},
  holdFrom: () => -1,
  held: () => 0,
};

function unread(transport: 'tcp' | 'udp'): ProtocolDefinition {
  const create = () => parser;
  return { name: transport, transport, opaque: true, ports: [], probeLimit: 0, create };
}

export const UNREAD: Readonly<Record<'tcp' | 'udp', ProtocolDefinition>> = {
  tcp: unread('tcp'),
  udp: unread('udp'),
};
