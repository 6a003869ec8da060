/** Google's push connection in clear, in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { McsParser } from './parser.ts';
import { PROBE_LIMIT, probeMcs } from './probe.ts';

export const MCS: ProtocolDefinition = {
  name: 'mcs',
  opaque: true,
  transport: 'tcp',
  ports: [5228, 5229, 5230],
  probeLimit: PROBE_LIMIT,
  probe: probeMcs,
  create: () => new McsParser(),
};
