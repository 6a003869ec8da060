/** QQ in the registry: the numbers and commands of OICQ, over UDP and over TCP. */
import type { Neutraliser, ProtocolDefinition } from '../contract.ts';
import { OicqDatagramParser } from './datagram-parser.ts';
import { PROBE_LIMIT, probeOicq, probeOicqStream } from './probe.ts';
import { OicqStreamParser } from './stream-parser.ts';

/** A datagram of zeros begins with no 02: whoever gets it passes over it. */
const neutraliseDatagram: Neutraliser = (part) => {
  part.fill(0);
};

/** The length before the packet stays. */
const neutraliseStream: Neutraliser = (part, from) => {
  part.fill(0, Math.max(0, 2 - from));
};

export const OICQ: ProtocolDefinition = {
  name: 'oicq',
  service: 'qq',
  transport: 'udp',
  ports: [8000],
  probeLimit: PROBE_LIMIT,
  firstOctets: '\x02',
  probe: probeOicq,
  create: () => new OicqDatagramParser(),
  neutralise: neutraliseDatagram,
};

export const OICQ_TCP: ProtocolDefinition = {
  name: 'oicq-tcp',
  protocol: 'oicq',
  family: 'oicq',
  service: 'qq',
  transport: 'tcp',
  ports: [],
  probeLimit: PROBE_LIMIT,
  probe: probeOicqStream,
  create: ({ midstream }) => new OicqStreamParser(midstream),
  neutralise: neutraliseStream,
};
