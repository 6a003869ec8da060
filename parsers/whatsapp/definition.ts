/** WhatsApp in the registry: recognised by its handshake, of which the octets behind are never readable. */
import type { ProtocolDefinition } from '../contract.ts';
import { OpeningParser } from '../framing/opening-parser.ts';
import { WHATSAPP_OPENING } from './opening.ts';
import { PROBE_LIMIT, probeWhatsApp } from './probe.ts';

export const WHATSAPP: ProtocolDefinition = {
  name: 'whatsapp',
  opaque: true,
  transport: 'tcp',
  ports: [5222, 443, 80],
  probeLimit: PROBE_LIMIT,
  probe: probeWhatsApp,
  create: () => new OpeningParser(WHATSAPP_OPENING),
};
