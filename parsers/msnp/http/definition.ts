/** MSNP over the HTTP gateway, in the registry. */
import type { ProtocolDefinition } from '../../contract.ts';
import { neutraliseCommand } from '../neutral.ts';
import { GatewayParser } from './parser.ts';
import { PROBE_LIMIT, probeGateway } from './probe.ts';

export const MSNP_HTTP: ProtocolDefinition = {
  name: 'msnp-http',
  family: 'msnp',
  service: 'msn',
  transport: 'tcp',
  ports: [80, 8080],
  probeLimit: PROBE_LIMIT,
  probe: probeGateway,
  create: (context) => new GatewayParser(context),
  neutralise: neutraliseCommand,
};
