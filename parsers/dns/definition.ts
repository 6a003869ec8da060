/** DNS in the registry: names of services are refused or counted lookup by lookup, and answers are hints. */
import type { Neutraliser, ProtocolDefinition } from '../contract.ts';
import { DnsDatagramParser } from './datagram-parser.ts';
import { PassingLookups } from './passing-lookups.ts';
import { PROBE_LIMIT, probeDns, probeDnsStream, STREAM_PROBE_LIMIT } from './probe.ts';
import { DnsStreamParser, PREFIX } from './stream-parser.ts';

/** A message of zeros asks nothing and answers nothing. */
const neutralise: Neutraliser = (part) => {
  part.fill(0);
};

/** The length before the message stays. */
const neutraliseStream: Neutraliser = (part, from) => {
  part.fill(0, Math.max(0, PREFIX - from));
};

export const DNS: ProtocolDefinition = {
  name: 'dns',
  transport: 'udp',
  opaque: true,
  repeats: true,
  activity: 'lookup',
  ports: [53],
  probeLimit: PROBE_LIMIT,
  probe: probeDns,
  create: () => new DnsDatagramParser(),
  passing: () => new PassingLookups(),
  neutralise,
};

export const DNS_TCP: ProtocolDefinition = {
  name: 'dns-tcp',
  protocol: 'dns',
  family: 'dns',
  transport: 'tcp',
  opaque: true,
  activity: 'lookup',
  ports: [53],
  probeLimit: STREAM_PROBE_LIMIT,
  probe: probeDnsStream,
  create: ({ midstream }) => new DnsStreamParser(midstream),
  neutralise: neutraliseStream,
};
