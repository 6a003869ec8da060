/** Threema in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { ThreemaParser } from './parser.ts';
import { PROBE_LIMIT, probeThreema } from './probe.ts';

export const THREEMA: ProtocolDefinition = {
  name: 'threema',
  opaque: true,
  weak: true,
  firstSegment: true,
  transport: 'tcp',
  ports: [5222, 443],
  probeLimit: PROBE_LIMIT,
  probe: probeThreema,
  create: (context) => new ThreemaParser(context),
};
