/** STUN and TURN in the registry: they tell whose call it is. */
import type { ProtocolDefinition } from '../contract.ts';
import { StunDatagramParser } from './datagram-parser.ts';
import { PROBE_LIMIT, probeStun, probeStunStream, STREAM_PROBE_LIMIT } from './probe.ts';
import { StunStreamParser } from './stream-parser.ts';

/** Types of messages begin with two zero bits; those in use are below 10 00. Microsoft's TURN: ff 10. */
const FIRST_OCTETS = '\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\xff';

export const STUN: ProtocolDefinition = {
  name: 'stun',
  transport: 'udp',
  opaque: true,
  activity: 'call',
  ports: [3478],
  probeLimit: PROBE_LIMIT,
  firstOctets: FIRST_OCTETS,
  probe: probeStun,
  create: (context) => new StunDatagramParser(context),
};

export const STUN_TCP: ProtocolDefinition = {
  name: 'stun-tcp',
  protocol: 'stun',
  family: 'stun',
  transport: 'tcp',
  opaque: true,
  activity: 'call',
  ports: [3478],
  probeLimit: STREAM_PROBE_LIMIT,
  probe: probeStunStream,
  create: (context) => new StunStreamParser(context),
};
