/** Control packet types: the upper four bits of the first octet (MQTT 5.0 §2.1.2, table 2-1). */
export const PacketType = {
  Connect: 1,
  Connack: 2,
  Publish: 3,
  Puback: 4,
  Pubrec: 5,
  Pubrel: 6,
  Pubcomp: 7,
  Subscribe: 8,
  Suback: 9,
  Unsubscribe: 10,
  Unsuback: 11,
  Pingreq: 12,
  Pingresp: 13,
  Disconnect: 14,
  Auth: 15,
} as const;
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** Protocol levels of CONNECT: 3.1, 3.1.1 and 5.0. */
export const Level = { Unknown: 0, V31: 3, V311: 4, V5: 5 } as const;

export function versionText(level: number): string | undefined {
  if (level === Level.V31) return '3.1';
  if (level === Level.V311) return '3.1.1';
  return level === Level.V5 ? '5.0' : undefined;
}
