/**
 * Time stamps by the network card: SIOCSHWTSTAMP switches them on for every packet, PACKET_TIMESTAMP
 * has the ring report them (Documentation/networking/timestamping.rst).
 */
import { addressOf, libc } from '../native/libc.ts';
import { PacketOption, SOL_PACKET, TIMESTAMP_RAW_HARDWARE } from './packet-constants.ts';
import type { PacketSocket } from './packet-socket.ts';

const SIOCSHWTSTAMP = 0x89b0;
const HWTSTAMP_FILTER_ALL = 1;
const NAME_OCTETS = 16;

/** Whether the card does it; where not, the kernel's own stamps stay. */
export function enableHardwareTime(socket: PacketSocket): boolean {
  const config = Int32Array.of(0, 0, HWTSTAMP_FILTER_ALL); // struct hwtstamp_config: flags, tx_type, rx_filter
  const ifreq = new Uint8Array(40);
  new TextEncoder().encodeInto(socket.interfaceName, ifreq.subarray(0, NAME_OCTETS - 1));
  new DataView(ifreq.buffer).setBigUint64(NAME_OCTETS, BigInt(addressOf(config)), true);
  if (libc().ioctl(socket.fd, SIOCSHWTSTAMP, ifreq) !== 0) return false;
  return socket.trySet(SOL_PACKET, PacketOption.Timestamp, TIMESTAMP_RAW_HARDWARE);
}
