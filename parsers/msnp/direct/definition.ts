/** Direct connections of MSN in the registry: announced inside a conversation, on any port. */
import type { ProtocolDefinition } from '../../contract.ts';
import { DirectParser } from './parser.ts';
import { PROBE_LIMIT, probeDirect } from './probe.ts';

export const MSN_DIRECT: ProtocolDefinition = {
  name: 'msn-direct',
  family: 'msnp',
  service: 'msn',
  transport: 'tcp',
  activity: 'media',
  ports: [],
  probeLimit: PROBE_LIMIT,
  probe: probeDirect,
  create: (context) => new DirectParser(context),
};
