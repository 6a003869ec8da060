/**
 * Frames of an Initial packet (RFC 9000 §12.4, §19): only these may stand there.
 *
 *   00        PADDING
 *   01        PING
 *   02, 03    ACK: varints largest, delay, n, first range, n times gap and range; 03: three counts more
 *   06        CRYPTO: varints offset, n · n octets
 *   1c        CONNECTION_CLOSE: varints code, frame type, n · n octets of reason
 *
 * Of Google's versions (Q050, T050, T051) CRYPTO is 08 and PING 07. At any other, or what is not whole, reading ends:
 * the rest of such a packet says nothing.
 */
import type { CryptoStream } from './crypto-stream.ts';
import { afterVarint, varintAt } from './varint.ts';

const PADDING = 0x00;
const PING = 0x01;
const ACK = 0x02;
const ACK_ECN = 0x03;
const CRYPTO = 0x06;
const GOOGLE_PING = 0x07;
const GOOGLE_CRYPTO = 0x08;
const CONNECTION_CLOSE = 0x1c;

/** Puts the octets of the CRYPTO frames into `stream`. */
export function readFrames(payload: Uint8Array, isGoogle: boolean, stream: CryptoStream): void {
  const ping = isGoogle ? GOOGLE_PING : PING;
  const crypto = isGoogle ? GOOGLE_CRYPTO : CRYPTO;
  let at = 0;
  while (at >= 0 && at < payload.length) {
    const type = payload[at];
    at += 1;
    if (type === PADDING || type === ping) continue;
    if (type === crypto) at = readCrypto(payload, at, stream);
    else if (type === ACK && !isGoogle) at = afterAck(payload, at, 0);
    else if (type === ACK_ECN && !isGoogle) at = afterAck(payload, at, 3);
    else if (type === CONNECTION_CLOSE && !isGoogle) at = afterClose(payload, at);
    else return;
  }
}

/** Where the next frame stands, -1 where this one is not whole; so of the others. */
function readCrypto(payload: Uint8Array, at: number, stream: CryptoStream): number {
  const second = afterVarint(payload, at, payload.length);
  const data = second < 0 ? -1 : afterVarint(payload, second, payload.length);
  if (data < 0) return -1;
  const end = data + varintAt(payload, second);
  if (end > payload.length) return -1;
  stream.add(varintAt(payload, at), payload, data, end);
  return end;
}

function afterAck(payload: Uint8Array, start: number, counts: number): number {
  const ranges = afterVarints(payload, start, 2);
  const first = ranges < 0 ? -1 : afterVarint(payload, ranges, payload.length);
  if (first < 0) return -1;
  return afterVarints(payload, first, 1 + 2 * varintAt(payload, ranges) + counts);
}

function afterClose(payload: Uint8Array, start: number): number {
  const length = afterVarints(payload, start, 2);
  const reason = length < 0 ? -1 : afterVarint(payload, length, payload.length);
  return reason < 0 ? -1 : reason + varintAt(payload, length);
}

function afterVarints(payload: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count && at >= 0; i++) at = afterVarint(payload, at, payload.length);
  return at;
}
