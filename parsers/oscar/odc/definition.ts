/** Direct IM, the client-to-client conversations of AIM, in the registry. */
import type { ProtocolDefinition } from '../../contract.ts';
import { neutraliseOdc } from './neutral.ts';
import { OdcParser } from './odc-parser.ts';
import { ODC_PROBE_LIMIT, probeOdc } from './odc-probe.ts';

export const ODC: ProtocolDefinition = {
  name: 'odc',
  family: 'oscar',
  service: 'aim',
  transport: 'tcp',
  ports: [],
  probeLimit: ODC_PROBE_LIMIT,
  probe: probeOdc,
  create: (context) => new OdcParser(context),
  neutralise: neutraliseOdc,
};
