/** Threema in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { ThreemaParser } from './parser.ts';
import { PROBE_LIMIT, probeThreema } from './probe.ts';

export const THREEMA: ProtocolDefinition = {
  name: 'threema',
  opaque: true,
  weak: true,
  transport: 'tcp',
  ports: [5222, 443],
  probeLimit: PROBE_LIMIT,
  // Random octets: nothing that could be refused before the whole handshake is seen.
  emptyGreeting: true,
  probe: probeThreema,
  create: (context) => new ThreemaParser(context),
};
