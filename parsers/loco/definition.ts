/** KakaoTalk's LOCO in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeLoco } from './probe.ts';

const FACTS = signature('kakaotalk-loco', 'LOCO');

export const LOCO: ProtocolDefinition = {
  name: 'loco',
  opaque: true,
  transport: 'tcp',
  ports: [5223, 5228, 8080, 9282, 995],
  probeLimit: PROBE_LIMIT,
  probe: probeLoco,
  create: () => new SignatureParser(FACTS),
};
