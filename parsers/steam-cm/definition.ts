/** Steam's connection manager in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeSteam } from './probe.ts';

const FACTS = signature('steam-cm', 'encrypted');

export const STEAM_CM: ProtocolDefinition = {
  name: 'steam-cm',
  opaque: true,
  transport: 'tcp',
  ports: [27017, 27018, 27019],
  probeLimit: PROBE_LIMIT,
  probe: probeSteam,
  create: () => new SignatureParser(FACTS),
};
