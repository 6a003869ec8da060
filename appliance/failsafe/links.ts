/** Interfaces of this network namespace, asked and changed over route netlink (if_link.h). */
import {
  attribute,
  attribute8,
  attribute16,
  attribute32,
  attributeText,
  Flag,
  type LinkRequest,
  linkRequest,
  Message,
  nested,
  numberIn,
  textIn,
} from './netlink-message.ts';
import { RouteError, type RouteSocket } from './route-socket.ts';

const AF_BRIDGE = 7;
const AF_INET6 = 10;

const Attribute = {
  Name: 3,
  Mtu: 4,
  Master: 10,
  ProtocolInfo: 12,
  LinkInfo: 18,
  Alias: 20,
  FamilySpecific: 26,
} as const;
const Info = { Kind: 1, Data: 2 } as const;
const Bridge = { ForwardDelay: 1, StpState: 5, GroupForward: 9, Snooping: 23 } as const;
const Port = { State: 1, GroupForward: 31, Isolated: 33 } as const;
/** IFLA_INET6_ADDR_GEN_MODE: none: no link-local address of its own. */
const ADDRESS_MODE = 8;
const ADDRESS_MODE_NONE = 1;

export const LinkFlag = { Up: 0x1, NoArp: 0x80 } as const;
/** BR_STATE_LISTENING: nothing goes in or out, and the kernel does not end it by itself as it does `disabled`. */
const LISTENING = 1;

/**
 * Which of the reserved addresses 01-80-C2-00-00-0x pass (IEEE 802.1D, table 7-10): all that the kernel
 * lets be set. A bridge refuses bits 0 to 2 (STP, PAUSE, LACP) but passes STP when its own is off; a port
 * refuses only PAUSE.
 */
const BRIDGE_GROUPS = 0xfff8;
const PORT_GROUPS = 0xfffd;

export interface Link {
  readonly index: number;
  readonly up: boolean;
  readonly mtu: number;
  /** Index of the bridge (or bond) it is a port of; 0: none. */
  readonly master: number;
  readonly name: string;
  readonly alias: string;
}

const ENODEV = 19;

/** Undefined where there is none of that name or index. */
export function findLink(socket: RouteSocket, wanted: string | number): Link | undefined {
  const request: LinkRequest =
    typeof wanted === 'number'
      ? { message: Message.GetLink, index: wanted }
      : { message: Message.GetLink, attributes: [attributeText(Attribute.Name, wanted)] };
  try {
    const link = socket.request(linkRequest(request));
    if (link === undefined) return undefined;
    const { attributes } = link;
    return {
      index: link.index,
      up: (link.flags & LinkFlag.Up) !== 0,
      mtu: numberIn(attributes.get(Attribute.Mtu)) ?? 0,
      master: numberIn(attributes.get(Attribute.Master)) ?? 0,
      name: textIn(attributes.get(Attribute.Name)) ?? '',
      alias: textIn(attributes.get(Attribute.Alias)) ?? '',
    };
  } catch (error) {
    if (error instanceof RouteError && error.number === ENODEV) return undefined;
    throw error;
  }
}

/** A bridge that learns at once, speaks no spanning tree, asks nobody for multicast groups; down. */
export function newBridge(name: string): Uint8Array {
  return linkRequest({
    message: Message.NewLink,
    flags: Flag.Create | Flag.Exclusive,
    attributes: [
      attributeText(Attribute.Name, name),
      nested(Attribute.LinkInfo, [
        attributeText(Info.Kind, 'bridge'),
        nested(Info.Data, [
          attribute32(Bridge.ForwardDelay, 0),
          attribute32(Bridge.StpState, 0),
          attribute16(Bridge.GroupForward, BRIDGE_GROUPS),
          attribute8(Bridge.Snooping, 0),
        ]),
      ]),
    ],
  });
}

/** `master` 0: takes it out of its bridge. */
export function setMaster(index: number, master: number): Uint8Array {
  return linkRequest({
    message: Message.SetLink,
    index,
    attributes: [attribute32(Attribute.Master, master)],
  });
}

export function setFlags(index: number, flags: number, mask: number): Uint8Array {
  return linkRequest({ message: Message.SetLink, index, linkFlags: flags, linkMask: mask });
}

export function setAlias(index: number, alias: string): Uint8Array {
  return linkRequest({
    message: Message.SetLink,
    index,
    attributes: [attribute(Attribute.Alias, new TextEncoder().encode(alias))],
  });
}

/** IPv6 makes no address for it. */
export function setNoAddress(index: number): Uint8Array {
  return linkRequest({
    message: Message.SetLink,
    index,
    attributes: [
      nested(Attribute.FamilySpecific, [
        nested(AF_INET6, [attribute8(ADDRESS_MODE, ADDRESS_MODE_NONE)]),
      ]),
    ],
  });
}

export function deleteLink(index: number): Uint8Array {
  return linkRequest({ message: Message.DeleteLink, index });
}

/** Isolated ports do not forward to each other, whatever becomes of the bridge. */
export function setPort(index: number, isolated: boolean): Uint8Array {
  return portRequest(index, [
    attribute16(Port.GroupForward, PORT_GROUPS),
    attribute8(Port.Isolated, isolated ? 1 : 0),
  ]);
}

/** Stops a port between two packets. It works again after the bridge was down and up. */
export function setPortListening(index: number): Uint8Array {
  return portRequest(index, [attribute8(Port.State, LISTENING)]);
}

function portRequest(index: number, attributes: readonly Uint8Array[]): Uint8Array {
  return linkRequest({
    message: Message.SetLink,
    family: AF_BRIDGE,
    index,
    attributes: [nested(Attribute.ProtocolInfo, attributes)],
  });
}
