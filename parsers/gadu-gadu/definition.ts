/** Gadu-Gadu in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutralise } from './neutral.ts';
import { GaduParser } from './parser.ts';
import { PROBE_LIMIT, probeGadu } from './probe.ts';

export const GADU_GADU: ProtocolDefinition = {
  name: 'gadu-gadu',
  service: 'gadu-gadu',
  family: 'gadu-gadu',
  transport: 'tcp',
  // 443 is used as well, and is mostly TLS.
  ports: [8074],
  probeLimit: PROBE_LIMIT,
  probe: probeGadu,
  create: (context) => new GaduParser(context),
  neutralise,
};
