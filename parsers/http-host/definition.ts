/** Plain HTTP in the registry: what others carry in it comes first. */
import type { ProtocolDefinition } from '../contract.ts';
import { HttpHostParser } from './parser.ts';
import { PROBE_LIMIT, probeHttp } from './probe.ts';

export const HTTP_HOST: ProtocolDefinition = {
  name: 'http',
  transport: 'tcp',
  opaque: true,
  weak: true,
  activity: 'web',
  ports: [80, 8080, 3128],
  probeLimit: PROBE_LIMIT,
  probe: probeHttp,
  create: () => new HttpHostParser(),
};
