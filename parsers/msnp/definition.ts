/** MSNP in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseCommand } from './neutral.ts';
import { MsnpParser } from './parser.ts';
import { PROBE_LIMIT, probeMsnp } from './probe.ts';

export const MSNP: ProtocolDefinition = {
  name: 'msnp',
  family: 'msnp',
  service: 'msn',
  transport: 'tcp',
  // IANA 1863; switchboards of today's servers listen on 1864.
  ports: [1863, 1864],
  probeLimit: PROBE_LIMIT,
  probe: probeMsnp,
  create: (context) => new MsnpParser(context),
  neutralise: neutraliseCommand,
};
