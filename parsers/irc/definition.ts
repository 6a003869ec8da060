/** IRC in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseIrc } from './neutral.ts';
import { IrcParser } from './parser.ts';
import { PROBE_LIMIT, probeIrc } from './probe.ts';

export const IRC: ProtocolDefinition = {
  name: 'irc',
  service: 'irc',
  transport: 'tcp',
  // IANA 194, the usual range, and 6697 and 7000, which are more often TLS.
  ports: [6667, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6668, 6669, 7000, 194, 6697],
  probeLimit: PROBE_LIMIT,
  probe: probeIrc,
  create: (context) => new IrcParser(context),
  neutralise: neutraliseIrc,
};
