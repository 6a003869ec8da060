/** What the kernel says about a network interface, asked by ioctl (netdevice(7)) in the caller's network namespace. */
import { readFileSync } from 'node:fs';
import { CaptureError } from '../frame.ts';
import { addressOf, libc } from '../native/libc.ts';

export interface InterfaceFacts {
  readonly name: string;
  readonly index: number;
  /** Switched on (IFF_UP); `running`: and there is a carrier. */
  readonly up: boolean;
  readonly running: boolean;
  /** IFF_PROMISC as set by an administrator; a packet socket's own membership does not show here. */
  readonly promiscuous: boolean;
  readonly mtu: number;
  /** ARPHRD_ value (linux/if_arp.h); 1 is Ethernet. */
  readonly hardwareType: number;
  /** undefined: the driver does not say. LRO merges packets for good: it must be off on a bridge. */
  readonly offloads: {
    readonly lro: boolean | undefined;
    readonly gro: boolean | undefined;
    readonly gso: boolean | undefined;
    readonly tso: boolean | undefined;
  };
}

const Request = {
  Name: 0x8910, // SIOCGIFNAME
  Flags: 0x8913, // SIOCGIFFLAGS (linux/sockios.h)
  Mtu: 0x8921,
  HardwareAddress: 0x8927,
  Ethtool: 0x8946,
} as const;

const Flag = { Up: 0x1, Running: 0x40, Promiscuous: 0x100 } as const; // linux/if.h

const Ethtool = { Tso: 0x1e, Gso: 0x23, Flags: 0x25, Gro: 0x2b } as const; // ETHTOOL_G…
const ETH_FLAG_LRO = 1 << 15;

const AF_INET = 2;
const SOCK_DGRAM = 2;
const NAME_OCTETS = 16; // IFNAMSIZ
const IFREQ = 40;

/** undefined where there is no such interface. */
export function interfaceFacts(name: string): InterfaceFacts | undefined {
  const index = interfaceIndex(name);
  if (index === 0) return undefined;
  const fd = libc().socket(AF_INET, SOCK_DGRAM, 0);
  try {
    const flags = ask(fd, name, Request.Flags)?.getUint16(NAME_OCTETS, true) ?? 0;
    const ethtoolFlags = askEthtool(fd, name, Ethtool.Flags);
    const yes = (value: number | undefined) => (value === undefined ? undefined : value !== 0);
    return {
      name,
      index,
      up: (flags & Flag.Up) !== 0,
      running: (flags & Flag.Running) !== 0,
      promiscuous: (flags & Flag.Promiscuous) !== 0,
      mtu: ask(fd, name, Request.Mtu)?.getInt32(NAME_OCTETS, true) ?? 0,
      hardwareType: ask(fd, name, Request.HardwareAddress)?.getUint16(NAME_OCTETS, true) ?? 0,
      offloads: {
        lro: ethtoolFlags === undefined ? undefined : (ethtoolFlags & ETH_FLAG_LRO) !== 0,
        gro: yes(askEthtool(fd, name, Ethtool.Gro)),
        gso: yes(askEthtool(fd, name, Ethtool.Gso)),
        tso: yes(askEthtool(fd, name, Ethtool.Tso)),
      },
    };
  } finally {
    libc().close(fd);
  }
}

/**
 * Whether the interface of this index is up, asked through a socket of its network namespace; undefined
 * where it is gone. A name can be given to another interface, an index is not used again.
 */
export function isInterfaceUp(fd: number, index: number): boolean | undefined {
  const ifreq = new Uint8Array(IFREQ);
  const view = new DataView(ifreq.buffer);
  view.setInt32(NAME_OCTETS, index, true);
  if (libc().ioctl(fd, Request.Name, ifreq) < 0) return undefined;
  if (libc().ioctl(fd, Request.Flags, ifreq) < 0) return undefined;
  return (view.getUint16(NAME_OCTETS, true) & Flag.Up) !== 0;
}

/** Facts of an interface that must be there; throws CaptureError that lists those that are. */
export function requireInterface(name: string): InterfaceFacts {
  const facts = interfaceFacts(name);
  if (facts !== undefined) return facts;
  const there = interfaceNames().filter((other) => other !== 'lo');
  const list = there.length === 0 ? 'there are none but lo' : `there are: ${there.join(', ')}`;
  throw new CaptureError(name, 0, 0, `no such network interface; ${list}`);
}

/** 0 where there is no such interface. Linux names have at most 15 octets; longer ones are nobody's. */
export function interfaceIndex(name: string): number {
  if (name === '' || Buffer.byteLength(name) >= NAME_OCTETS || name.includes('\0')) return 0;
  return libc().if_nametoindex(name);
}

/** Every interface of this thread's network namespace, those that are down included. */
export function interfaceNames(): string[] {
  const lines = readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2);
  return lines.flatMap((line) => {
    const colon = line.lastIndexOf(':');
    return colon < 0 ? [] : [line.slice(0, colon).trim()];
  });
}

function ask(fd: number, name: string, request: number): DataView | undefined {
  const ifreq = named(name);
  return libc().ioctl(fd, request, ifreq) < 0 ? undefined : new DataView(ifreq.buffer);
}

function askEthtool(fd: number, name: string, command: number): number | undefined {
  const value = Uint32Array.of(command, 0); // struct ethtool_value
  const ifreq = named(name);
  new DataView(ifreq.buffer).setBigUint64(NAME_OCTETS, BigInt(addressOf(value)), true);
  return libc().ioctl(fd, Request.Ethtool, ifreq) < 0 ? undefined : value[1];
}

function named(name: string): Uint8Array<ArrayBuffer> {
  const ifreq = new Uint8Array(IFREQ);
  new TextEncoder().encodeInto(name, ifreq.subarray(0, NAME_OCTETS - 1));
  return ifreq;
}
