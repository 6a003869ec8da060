/** What an administrator may choose of a bridge. */
export interface BridgeSettings {
  /** Microseconds that a packet is held for a message that is not whole. */
  readonly holdTime: number;
  /** Octets of one direction that are held; below the initial window of a sender, 10 segments (RFC 6928). */
  readonly holdOctets: number;
  /** Verify the checksums of what is read: a receiver drops what is damaged. Off for captures of a sending host. */
  readonly checksums: boolean;
}

export const BRIDGE_SETTINGS: BridgeSettings = {
  holdTime: 200_000,
  holdOctets: 14_000,
  checksums: true,
};
