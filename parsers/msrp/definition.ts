/** MSRP in the registry: told by its content; sessions and files by what SIP said of them. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseChunk } from './neutral.ts';
import { MsrpParser } from './parser.ts';
import { PROBE_LIMIT, probeMsrp } from './probe.ts';

export const MSRP: ProtocolDefinition = {
  name: 'msrp',
  family: 'sip',
  service: 'sip',
  transport: 'tcp',
  ports: [2855],
  probeLimit: PROBE_LIMIT,
  probe: probeMsrp,
  create: (context) => new MsrpParser(context),
  neutralise: neutraliseChunk,
};
