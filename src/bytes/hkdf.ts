/** HKDF with SHA-256 (RFC 5869), and with the labels of TLS 1.3 (RFC 8446 §7.1). */
import { createHmac } from 'node:crypto';

/** Octets of SHA-256, and the most that one call expands to. */
const HASH = 32;
const PREFIX = 'tls13 ';

/** The 32 octets of HKDF-Extract. */
export function hkdfExtract(salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return createHmac('sha256', salt).update(secret).digest();
}

/**
 * HKDF-Expand-Label without context: u16 length · u8 n · `tls13 ` and the label · u8 0. At most 32 octets, which is
 * one block of HKDF-Expand.
 */
export function hkdfExpandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = PREFIX + label;
  const info = new Uint8Array(name.length + 5);
  info[1] = length;
  info[2] = name.length;
  for (let i = 0; i < name.length; i++) info[3 + i] = name.charCodeAt(i);
  info[name.length + 4] = 1; // counter of the block
  return createHmac('sha256', secret).update(info).digest().subarray(0, Math.min(length, HASH));
}
