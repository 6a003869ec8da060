/** OFT, the data connections of AIM and ICQ files, in the registry. */
import type { ProtocolDefinition } from '../../contract.ts';
import { OftParser } from './oft-parser.ts';
import { OFT_PROBE_LIMIT, probeOft } from './oft-probe.ts';

export const OFT: ProtocolDefinition = {
  name: 'oft',
  family: 'oscar',
  service: 'aim',
  transport: 'tcp',
  activity: 'media',
  ports: [],
  probeLimit: OFT_PROBE_LIMIT,
  probe: probeOft,
  create: (context) => new OftParser(context),
};
