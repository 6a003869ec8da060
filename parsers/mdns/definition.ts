/** Multicast DNS in the registry: only for the presence of link-local XMPP. */
import type { Neutraliser, ProtocolDefinition } from '../contract.ts';
import { MdnsParser } from './parser.ts';
import { PROBE_LIMIT, probeMdns } from './probe.ts';

/** A message of zeros asks nothing and answers nothing. */
const neutralise: Neutraliser = (part) => {
  part.fill(0);
};

export const MDNS: ProtocolDefinition = {
  name: 'mdns',
  service: 'bonjour',
  transport: 'udp',
  ports: [5353],
  probeLimit: PROBE_LIMIT,
  firstOctets: '\0', // the id
  probe: probeMdns,
  create: () => new MdnsParser(),
  neutralise,
};
