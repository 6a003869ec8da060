/**
 * Is it MQTT? A client's first packet is CONNECT, whose protocol name tells (§3.1.2.1); a server's is
 * CONNACK (or AUTH), which needs a second packet beside it. Picked up in the middle, whole packets
 * that stand every test must come one after the other: a SUBSCRIBE or UNSUBSCRIBE is enough alone, a PUBLISH
 * with another packet, four of the small ones. BER (LDAP, SNMP) also begins with 0x30, but its next
 * octets are no topic.
 */
import { Direction, Probe } from '../contract.ts';
import { headerOctets, measurePacket } from './fixed-header.ts';
import { PacketType } from './packet-type.ts';
import { mayBegin, nameEnd, Worth, worthOf } from './strict.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 4096;

const CONNECT = 0x10;
const ENOUGH_SMALL = 4; // packets

export function probeMqtt(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const first = octets[0];
  if (first === undefined) return Probe.More;
  if (first === CONNECT) {
    return direction === Direction.ToServer ? probeConnect(octets) : Probe.No;
  }
  if (!midstream) {
    if (direction === Direction.ToServer) return Probe.No;
    const type = first >> 4;
    if (type !== PacketType.Connack && type !== PacketType.Auth) return Probe.No;
  }
  return probePackets(direction, octets);
}

function probeConnect(octets: Uint8Array): Probe {
  const { length } = octets;
  const whole = measurePacket(octets, 0, length);
  if (whole <= 0) return whole === 0 ? Probe.More : Probe.No;
  const end = nameEnd(octets, headerOctets(octets, 0, length), length);
  if (end === 0) return Probe.More;
  return end > 0 && end + 4 <= whole ? Probe.Yes : Probe.No;
}

function probePackets(direction: Direction, octets: Uint8Array): Probe {
  let at = 0;
  let packets = 0;
  let fair = false;
  let accepted = false;
  while (at < octets.length) {
    if (!mayBegin(octets, at, octets.length, direction)) return Probe.No;
    // A session is accepted once.
    const accepts = (octets[at] ?? 0) >> 4 === PacketType.Connack;
    if (accepts && accepted) return Probe.No;
    accepted ||= accepts;
    const length = measurePacket(octets, at, octets.length);
    if (length < 0) return Probe.No;
    if (length === 0 || at + length > octets.length) break;
    const worth = worthOf(octets, at, at + length, direction);
    if (worth === Worth.None) return Probe.No;
    if (worth === Worth.Strong) return Probe.Yes;
    if (length > 2) packets += 1; // a ping says nothing
    fair ||= worth === Worth.Fair;
    if ((fair && packets > 1) || packets >= ENOUGH_SMALL) return Probe.Yes;
    at += length;
  }
  return octets.length >= PROBE_LIMIT ? Probe.No : Probe.More;
}
