/** Viber over TCP in the registry; its calls are datagrams. */
import type { ProtocolDefinition } from '../contract.ts';
import { SignatureParser, signature } from '../framing/signature-parser.ts';
import { PROBE_LIMIT, probeViber } from './probe.ts';

const FACTS = signature('viber-tcp', 'encrypted');
const IN_THE_MIDDLE = signature('viber-tcp', 'encrypted', { confidence: 'medium' });

export const VIBER_TCP: ProtocolDefinition = {
  name: 'viber-tcp',
  protocol: 'viber',
  opaque: true,
  transport: 'tcp',
  ports: [4244, 5242, 5243, 7985],
  probeLimit: PROBE_LIMIT,
  probe: probeViber,
  create: ({ midstream }) => new SignatureParser(midstream ? IN_THE_MIDDLE : FACTS),
};
