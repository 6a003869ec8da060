/**
 * imo's calls, from a capture of 2022 (nDPI imo.c knows some of the lengths): datagrams are their length and a type,
 * with a zero before where a server sends them:
 *
 *   ping 09 02 time:u64le, ten octets        pong 09 03 time:u64le, sent back as it came
 *
 * The server's pings are inside datagrams that are encrypted: its pongs alone, whose time is that of a device that was
 * switched on less than 139 years ago, come again and again with later times.
 */
import { i32le } from '../../src/bytes/read.ts';
import { Direction, Probe, type ProtocolDefinition } from '../contract.ts';
import { MarkedDatagrams, OTHER, WAIT } from './marked-datagrams.ts';
import { signatureFacts } from './one-datagram.ts';

const PING = 2;
const PONG = 3;
const REASON = 'imo call';
const TIMES = 8; // pings that are remembered

export const IMO_CALL: ProtocolDefinition = {
  name: 'imo-udp',
  transport: 'udp',
  opaque: true,
  activity: 'call',
  ports: [],
  probeLimit: 65_535,
  firstOctets: '\0\x09',
  probe(_direction, octets) {
    if (octets.length === 0) return Probe.More;
    return typeOf(octets) === 0 ? Probe.No : Probe.Yes;
  },
  create() {
    const pings: readonly [number[], number[]] = [[], []];
    let lastPong = 0;
    return new MarkedDatagrams((direction, octets) => {
      const type = typeOf(octets);
      if (type === 0) return isFramed(octets) ? WAIT : OTHER;
      const time = i32le(octets, octets.length - 8);
      if (type === PING) {
        const sent = pings[direction];
        if (sent.length === TIMES) sent.shift();
        sent.push(time);
        return WAIT;
      }
      const other = direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
      const isLater = octets[0] === 0 && lastPong > 0 && time > lastPong;
      if (pings[other].includes(time) || isLater) return signatureFacts('imo-udp', REASON);
      lastPong = time;
      return WAIT;
    });
  },
};

/** PING, PONG, or 0. */
function typeOf(octets: Uint8Array): number {
  const at = octets[0] === 0 ? 1 : 0;
  if (octets.length !== at + 10 || octets[at] !== 9) return 0;
  const type = octets[at + 1] ?? 0;
  if (type !== PING && type !== PONG) return 0;
  const isTime = i32le(octets, at + 6) === 0 && i32le(octets, at + 2) > 0;
  return isTime ? type : 0;
}

/** Of the protocol's form: a length of seven bits an octet before what it counts, a few octets more at most. */
function isFramed(octets: Uint8Array): boolean {
  if (octets.length === 1) return true; // what peers try each other with
  let at = octets[0] === 0 ? 1 : 0;
  let length = (octets[at] ?? 0) & 0x7f;
  if (((octets[at++] ?? 0) & 0x80) !== 0) length = length * 128 + (octets[at++] ?? 0);
  const rest = octets.length - at;
  return rest >= length && rest <= length + 16;
}
