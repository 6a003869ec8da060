/** LINKTYPE_ values (tcpdump.org/linktypes.html) by the names that `cap` and `pcap` give them. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LINUX_SLL: 113,
};

/** undefined: frames that nobody here can read. */
export function linkTypeNamed(name: string): number | undefined {
  return LINK_TYPES[name.replace(/^LINKTYPE_/, '')];
}
