/** Proxied rendezvous connections of AIM and ICQ in the registry. */
import type { ProtocolDefinition } from '../../contract.ts';
import { OscarProxyParser } from './proxy-parser.ts';
import { PROXY_PROBE_LIMIT, probeProxy } from './proxy-probe.ts';

export const OSCAR_PROXY: ProtocolDefinition = {
  name: 'oscar-proxy',
  family: 'oscar',
  service: 'aim',
  transport: 'tcp',
  tunnel: true,
  ports: [5190],
  probeLimit: PROXY_PROBE_LIMIT,
  probe: probeProxy,
  create: (context) => new OscarProxyParser(context),
};
