/**
 * Is it a DTLS record in clear (RFC 6347 §4.1)? For whoever shares a flow with DTLS (STUN, RTP: RFC 7983 §7).
 *
 *   u8 type 20..25 · u16 version feff or fefd · u16 epoch · u48 sequence · u16 length · fragment
 */
import { u16be } from '../../src/bytes/read.ts';

export const DTLS_RECORD_HEAD = 13;

/** Whether the datagram begins with a whole DTLS record. (DTLS 1.3's encrypted records have no such head.) */
export function isDtlsRecord(datagram: Uint8Array): boolean {
  const length = dtlsRecordLength(datagram, 0);
  return length > 0 && length <= datagram.length;
}

/** Octets of the record at `at`, as it tells; 0 where none begins there. */
export function dtlsRecordLength(datagram: Uint8Array, at: number): number {
  if (at + DTLS_RECORD_HEAD > datagram.length) return 0;
  const type = datagram[at] ?? 0;
  const version = u16be(datagram, at + 1);
  if (type < 20 || type > 25 || (version !== 0xfeff && version !== 0xfefd)) return 0;
  return DTLS_RECORD_HEAD + u16be(datagram, at + 11);
}
