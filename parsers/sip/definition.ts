/** SIP in the registry: one reader, over TCP and over UDP. Events say `sip` of both. */
import type { ProtocolDefinition } from '../contract.ts';
import { neutraliseLine } from '../framing/neutral-line.ts';
import { SipParser } from './parser.ts';
import { PROBE_LIMIT, probeSip, probeSipDatagram } from './probe.ts';

/** A refused message becomes CR LF pairs: keep-alives (RFC 5626 §3.5.1), which receivers pass over. */
export const SIP: ProtocolDefinition = {
  name: 'sip',
  family: 'sip',
  service: 'sip',
  transport: 'tcp',
  ports: [5060],
  probeLimit: PROBE_LIMIT,
  probe: probeSip,
  create: (context) => new SipParser(context),
  neutralise: neutraliseLine,
};

export const SIP_UDP: ProtocolDefinition = {
  name: 'sip-udp',
  protocol: 'sip',
  family: 'sip',
  service: 'sip',
  transport: 'udp',
  ports: [5060],
  probeLimit: PROBE_LIMIT,
  // A method or `SIP/2.0`, and the keep-alives of keep-alive.ts.
  firstOctets: 'ABCDEFGHIJKLMNOPQRSTUVWXYZh\r\n\t \0',
  probe: probeSipDatagram,
  create: (context) => new SipParser(context),
  neutralise: neutraliseLine,
};
