/**
 * Framing (dossier §3): u32 type, u32 octets of payload, payload; all integers little-endian.
 */
import { i32le } from '../../src/bytes/read.ts';
import type { Direction } from '../contract.ts';
import type { FrameRules } from '../framing/length-frames.ts';
import { LONGEST_PACKET, PAYLOAD_LIMIT } from './gg-limits.ts';
import { isKnownSize, ToClient, ToServer } from './packet-type.ts';

export const HEADER = 8; // octets
/** Of what became of a message: 1 to 4 and 6 are known. */
const MOST_STATUS = 6;

/** Of whatever type: who skips a packet that he does not know finds the next one behind it. */
export function measurePacket(buffer: Uint8Array, at: number, end: number): number {
  if (at + HEADER > end) return 0;
  const payload = i32le(buffer, at + 4) >>> 0;
  return payload > LONGEST_PACKET ? -1 : HEADER + payload;
}

export function frameRules(direction: Direction): FrameRules {
  return {
    limit: HEADER + PAYLOAD_LIMIT,
    measure: measurePacket,
    plausible: (buffer, at, end, length) => {
      const type = i32le(buffer, at);
      if (!isKnownSize(direction, type, length - HEADER)) return false;
      return end - at < length || hasSense(direction, type, buffer, at + HEADER, end);
    },
  };
}

/** Whether the fields of a whole packet of known size fit each other. */
export function hasSense(
  direction: Direction,
  type: number,
  buffer: Uint8Array,
  body: number,
  end: number,
): boolean {
  const toServer = direction === 0;
  if (toServer && type === ToServer.SendMessage80) return offsetsFit(buffer, body, end, 20);
  if (!toServer && (type === ToClient.Message80 || type === ToClient.OwnMessage)) {
    return offsetsFit(buffer, body, end, 24);
  }
  if (!toServer && type === ToClient.MessageAck) {
    const status = i32le(buffer, body);
    return status > 0 && status <= MOST_STATUS;
  }
  if (toServer && type === ToServer.NewStatus80) {
    return i32le(buffer, body + 8) >>> 0 === end - body - 12;
  }
  return true;
}

/** Of the messages of 8.0: where the second text and the attributes stand, counted from the payload. */
function offsetsFit(buffer: Uint8Array, body: number, end: number, head: number): boolean {
  const plain = i32le(buffer, body + head - 8) >>> 0;
  const attributes = i32le(buffer, body + head - 4) >>> 0;
  return plain >= head && attributes > plain && attributes <= end - body;
}
