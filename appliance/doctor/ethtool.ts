/** Receive rings and offloads of a network card, asked by SIOCETHTOOL (linux/ethtool.h). */
import { addressOf, libc } from '../../src/capture/native/libc.ts';

const SIOCETHTOOL = 0x8946;
const Command = {
  RingParameters: 0x10, // ETHTOOL_GRINGPARAM
  Strings: 0x1b, // ETHTOOL_GSTRINGS
  SetInfo: 0x37, // ETHTOOL_GSSET_INFO
  Features: 0x3a, // ETHTOOL_GFEATURES
} as const;
/** ETH_SS_FEATURES: the names of the offloads. */
const FEATURE_NAMES = 4;
const NAME_OF_FEATURE = 32; // ETH_GSTRING_LEN
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
  rings[0] = Command.RingParameters;
  const [, most = 0, , , , now = 0] = ask(name, rings) ? rings : [];
  return most === 0 ? undefined : { now, most };
}

/** Offloads that are on, by the names that `ethtool -K` takes; empty where the driver does not say. */
export function activeFeatures(name: string): ReadonlySet<string> {
  // struct ethtool_sset_info: cmd, reserved, sset_mask (64 bits), data
  const info = Uint32Array.of(Command.SetInfo, 0, 1 << FEATURE_NAMES, 0, 0);
  const count = ask(name, info) ? (info[4] ?? 0) : 0;
  // struct ethtool_gstrings: cmd, string_set, len, data
  const strings = new Uint32Array(3 + (count * NAME_OF_FEATURE) / 4);
  strings.set([Command.Strings, FEATURE_NAMES, count]);
  // struct ethtool_gfeatures: cmd, size, then a block for 32 features: available, requested, active, never_changed
  const blocks = Math.ceil(count / 32);
  const features = new Uint32Array(2 + 4 * blocks);
  features.set([Command.Features, blocks]);
  const active = new Set<string>();
  if (count === 0 || !ask(name, strings) || !ask(name, features)) return active;
  const names = Buffer.from(strings.buffer, 12);
  for (let n = 0; n < count; n++) {
    const word = features[2 + 4 * (n >>> 5) + 2] ?? 0;
    if ((word & (1 << (n & 31))) === 0) continue;
    const at = n * NAME_OF_FEATURE;
    active.add(names.toString('latin1', at, at + NAME_OF_FEATURE).replace(/\0.*$/s, ''));
  }
  return active;
}

/** The answer is in `value`; false where the driver has none. */
function ask(name: string, value: Uint32Array): boolean {
  const ifreq = new Uint8Array(IFREQ);
  new TextEncoder().encodeInto(name, ifreq.subarray(0, NAME_OCTETS - 1));
  new DataView(ifreq.buffer).setBigUint64(NAME_OCTETS, BigInt(addressOf(value)), true);
  const fd = libc().socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0) return false;
  const answer = libc().ioctl(fd, SIOCETHTOOL, ifreq);
  libc().close(fd);
  return answer >= 0;
}
