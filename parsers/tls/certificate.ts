/**
 * The names in the first certificate of a Certificate message of TLS 1.2 and older (RFC 5246 §7.4.2):
 *
 *   u8 11 · u24 length · u24 length · { u24 length · certificate } …
 */
import { certificateNames } from '../../src/bytes/certificate-names.ts';
import { u16be } from '../../src/bytes/read.ts';
import { CERTIFICATE_NAMES } from './tls-limits.ts';

const FIRST = 10; // where it begins, behind its length

export interface CertificateHosts {
  /** Whom it is made out to: the common name, else the first of the others. */
  readonly first: string | undefined;
  /** Who else may use it; none where they are so many that it says nothing. */
  readonly others: readonly string[];
}

const NOBODY: CertificateHosts = { first: undefined, others: [] };

/** Of the message in buffer[start, end), which may be cut short. */
export function certificateHosts(buffer: Uint8Array, start: number, end: number): CertificateHosts {
  const from = start + FIRST;
  if (from > end) return NOBODY;
  const length = ((buffer[from - 3] ?? 0) << 16) | u16be(buffer, from - 2);
  const { common, alternative } = certificateNames(buffer, from, Math.min(end, from + length));
  const first = common ?? alternative[0];
  const others = new Set(alternative);
  if (first !== undefined) others.delete(first);
  return { first, others: others.size < CERTIFICATE_NAMES ? [...others] : [] };
}
