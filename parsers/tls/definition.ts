/** TLS in the registry: names the service of a flow, reads nothing of it. */
import type { ProtocolDefinition } from '../contract.ts';
import { TlsParser } from './parser.ts';
import { PROBE_LIMIT, probeTls } from './probe.ts';

export const TLS: ProtocolDefinition = {
  name: 'tls',
  transport: 'tcp',
  opaque: true,
  // HTTPS and its alternative, Apple's push, mail, SIP, XMPP, IRC and MQTT in TLS.
  ports: [443, 8443, 5223, 993, 995, 465, 5061, 6697, 8883],
  probeLimit: PROBE_LIMIT,
  probe: probeTls,
  create: () => new TlsParser(),
};
