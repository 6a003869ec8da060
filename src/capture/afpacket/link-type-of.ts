/** The link type (tcpdump.org/linktypes.html) of what a packet socket of this interface receives. */
import { CaptureError } from '../frame.ts';
import type { InterfaceFacts } from './interface-facts.ts';

export const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;

/** linux/if_arp.h. */
const HardwareType = {
  Ethernet: 1,
  Ppp: 512,
  Tunnel: 768, // ARPHRD_TUNNEL: IPv4 in IPv4
  Tunnel6: 769,
  Loopback: 772,
  Sit: 776,
  IpGre: 778,
  RawIp: 519,
  None: 0xfffe, // ARPHRD_NONE: tun, WireGuard
} as const;

/** Throws CaptureError where the interface has frames that nobody here can read. */
export function linkTypeOf(facts: InterfaceFacts): number {
  switch (facts.hardwareType) {
    case HardwareType.Ethernet:
    case HardwareType.Loopback:
      return LINKTYPE_ETHERNET;
    case HardwareType.Ppp:
    case HardwareType.Tunnel:
    case HardwareType.Tunnel6:
    case HardwareType.Sit:
    case HardwareType.IpGre:
    case HardwareType.RawIp:
    case HardwareType.None:
      return LINKTYPE_RAW;
    default:
      throw new CaptureError(
        facts.name,
        0,
        0,
        `frames of hardware type ${facts.hardwareType} (linux/if_arp.h) cannot be read; ` +
          'listen on an Ethernet or IP interface',
      );
  }
}
