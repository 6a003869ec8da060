/** DTLS in the registry: names the service of a flow, reads nothing of it. */
import type { ProtocolDefinition } from '../contract.ts';
import { DtlsParser } from './parser.ts';
import { PROBE_LIMIT, probeDtls } from './probe.ts';

export const DTLS: ProtocolDefinition = {
  name: 'dtls',
  transport: 'udp',
  opaque: true,
  activity: 'call',
  ports: [],
  probeLimit: PROBE_LIMIT,
  firstOctets: '\x16',
  probe: probeDtls,
  create: () => new DtlsParser(),
};
