/** TLS in the registry: names the service of a flow, reads nothing of it. */
import type { ProtocolDefinition } from '../contract.ts';
import { isNobodysHello } from './nobodys-hello.ts';
import { TlsParser } from './parser.ts';
import { PROBE_LIMIT, probeTls } from './probe.ts';
import { USUAL_PORTS } from './usual-ports.ts';

export const TLS: ProtocolDefinition = {
  name: 'tls',
  transport: 'tcp',
  opaque: true,
  ports: USUAL_PORTS,
  probeLimit: PROBE_LIMIT,
  probe: probeTls,
  isNobodys: isNobodysHello,
  create: ({ serverPort }) => new TlsParser(serverPort),
};
