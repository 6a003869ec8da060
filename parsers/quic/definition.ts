/** QUIC in the registry: over UDP, on any port. */
import type { ProtocolDefinition } from '../contract.ts';
import { QuicParser } from './parser.ts';
import { PROBE_LIMIT, probeQuic } from './probe.ts';

/** Long headers, and the flags of Google's older ones. */
const FIRST_OCTETS =
  '\x09\x0d\x19\x1d\x29\x2d\x39\x3d' +
  String.fromCharCode(...Array.from({ length: 128 }, (_, i) => 128 + i));

export const QUIC: ProtocolDefinition = {
  name: 'quic',
  transport: 'udp',
  opaque: true,
  ports: [443, 80],
  probeLimit: PROBE_LIMIT,
  firstOctets: FIRST_OCTETS,
  probe: probeQuic,
  create: () => new QuicParser(),
};
