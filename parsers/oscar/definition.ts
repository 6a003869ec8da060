/** OSCAR in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseFrame } from './neutral.ts';
import { OscarParser } from './parser.ts';
import { PROBE_LIMIT, probeOscar } from './probe.ts';

export const OSCAR: ProtocolDefinition = {
  name: 'oscar',
  family: 'oscar',
  service: 'aim',
  transport: 'tcp',
  // Users choose: any port works, and 443 was usual behind firewalls (dossier §1).
  ports: [5190, 5191, 5192, 5193],
  probeLimit: PROBE_LIMIT,
  probe: probeOscar,
  create: (context) => new OscarParser(context),
  neutralise: neutraliseFrame,
};
