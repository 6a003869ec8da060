/** LINKTYPE_ values (https://www.tcpdump.org/linktypes.html): what is decoded, and names for messages. */
import { Decoded } from './packet-view.ts';
import { Layer, type Step } from './walk.ts';

/** What a frame of that link type begins with. */
export function firstLayer(linkType: number): Step {
  switch (linkType) {
    case 1:
      return Layer.Ethernet;
    case 0:
    case 108:
      return Layer.Loopback;
    case 9:
    case 50:
    case 104:
      return Layer.Hdlc;
    case 12:
    case 14:
    case 101:
      return Layer.Ip;
    case 51:
      return Layer.Pppoe;
    case 113:
      return Layer.CookedV1;
    case 228:
      return Layer.Ipv4;
    case 229:
      return Layer.Ipv6;
    case 239:
      return Layer.Nflog;
    case 276:
      return Layer.CookedV2;
    default:
      return Decoded.UnknownLinkType;
  }
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'BSD loopback'],
  [1, 'Ethernet'],
  [6, 'token ring'],
  [8, 'SLIP'],
  [9, 'PPP'],
  [10, 'FDDI'],
  [12, 'raw IP'],
  [14, 'raw IP'],
  [50, 'PPP in HDLC framing'],
  [51, 'PPPoE'],
  [100, 'RFC 1483 ATM'],
  [101, 'raw IP'],
  [104, 'Cisco HDLC'],
  [105, 'IEEE 802.11'],
  [107, 'Frame Relay'],
  [108, 'OpenBSD loopback'],
  [113, 'Linux cooked v1'],
  [119, 'IEEE 802.11 with Prism header'],
  [122, 'IP over Fibre Channel'],
  [127, 'IEEE 802.11 with radiotap header'],
  [163, 'IEEE 802.11 with AVS header'],
  [187, 'Bluetooth HCI'],
  [189, 'Linux USB'],
  [192, 'PPI'],
  [195, 'IEEE 802.15.4'],
  [201, 'Bluetooth HCI with direction'],
  [220, 'Linux USB'],
  [227, 'CAN'],
  [228, 'raw IPv4'],
  [229, 'raw IPv6'],
  [239, 'Linux netfilter log'],
  [249, 'USBPcap'],
  [251, 'Bluetooth Low Energy'],
  [253, 'Linux netlink'],
  [272, 'nordic Bluetooth Low Energy'],
  [276, 'Linux cooked v2'],
]);

/** 'Ethernet (1)'; 'link type 252' where there is no name. */
export function linkTypeName(linkType: number): string {
  const name = NAMES.get(linkType);
  return name === undefined ? `link type ${linkType}` : `${name} (${linkType})`;
}
