/** SOCKS5 bytestreams' line in the registry. */
import type { ProtocolDefinition } from '../contract.ts';
import { Socks5Parser } from './parser.ts';
import { PROBE_LIMIT, probeSocks5 } from './probe.ts';

export const SOCKS5: ProtocolDefinition = {
  name: 'socks5',
  transport: 'tcp',
  activity: 'media',
  ports: [1080, 7777, 5000, 8010, 5086],
  probeLimit: PROBE_LIMIT,
  probe: probeSocks5,
  emptyGreeting: true,
  create: (context) => new Socks5Parser(context),
};
