/** Capabilities of capabilities(7) that a gateway has to do with, by their bit (linux/capability.h). */
export const Capability = {
  DacReadSearch: 2,
  Kill: 5,
  SetGid: 6,
  SetUid: 7,
  SetPcap: 8,
  NetAdmin: 12,
  NetRaw: 13,
  SysNice: 23,
  SysResource: 24,
} as const;
export type Capability = (typeof Capability)[keyof typeof Capability];

const NAMES: Readonly<Record<Capability, string>> = {
  [Capability.DacReadSearch]: 'CAP_DAC_READ_SEARCH',
  [Capability.Kill]: 'CAP_KILL',
  [Capability.SetGid]: 'CAP_SETGID',
  [Capability.SetUid]: 'CAP_SETUID',
  [Capability.SetPcap]: 'CAP_SETPCAP',
  [Capability.NetAdmin]: 'CAP_NET_ADMIN',
  [Capability.NetRaw]: 'CAP_NET_RAW',
  [Capability.SysNice]: 'CAP_SYS_NICE',
  [Capability.SysResource]: 'CAP_SYS_RESOURCE',
};

/** As man pages and systemd write it. */
export function capabilityName(capability: Capability): string {
  return NAMES[capability];
}
