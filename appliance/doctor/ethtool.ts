/** Receive rings of a network card, asked by SIOCETHTOOL (linux/ethtool.h). */
import { addressOf, libc } from '../../src/capture/native/libc.ts';

const SIOCETHTOOL = 0x8946;
const ETHTOOL_GRINGPARAM = 0x10;
const AF_INET = 2;
const SOCK_DGRAM = 2;
const NAME_OCTETS = 16;
const IFREQ = 40;

export interface ReceiveRing {
  readonly now: number;
  readonly most: number;
}

/** Undefined where the driver has none (virtual interfaces). */
export function receiveRing(name: string): ReceiveRing | undefined {
  // struct ethtool_ringparam: cmd, rx_max, rx_mini_max, rx_jumbo_max, tx_max, rx, rx_mini, rx_jumbo, tx
  const rings = new Uint32Array(9);
  rings[0] = ETHTOOL_GRINGPARAM;
  const ifreq = new Uint8Array(IFREQ);
  new TextEncoder().encodeInto(name, ifreq.subarray(0, NAME_OCTETS - 1));
  new DataView(ifreq.buffer).setBigUint64(NAME_OCTETS, BigInt(addressOf(rings)), true);
  const fd = libc().socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return undefined;
  const answer = libc().ioctl(fd, SIOCETHTOOL, ifreq);
  libc().close(fd);
  const [, most = 0, , , , now = 0] = rings;
  return answer < 0 || most === 0 ? undefined : { now, most };
}
