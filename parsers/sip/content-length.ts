/** Content-Length of a message in a stream (RFC 3261 §20.14). */
import { SipAnomaly } from './anomalies.ts';
import type { SipMessage } from './sip-message.ts';

/** Octets; -1 where the field is missing or no number, which is named for a stream only. */
export function statedLength(message: SipMessage, to: { anomaly(name: SipAnomaly): void }): number {
  const { headers } = message;
  const fields = headers.count('content-length') + headers.count('l');
  if (fields === 0) return -1;
  const first = message.header('content-length') ?? '';
  if (fields > 1 && message.all('content-length').some((value) => value !== first)) {
    to.anomaly(SipAnomaly.LengthConflict);
  }
  if (/^\d{1,10}$/.test(first)) return Number(first);
  to.anomaly(SipAnomaly.BadLength);
  return -1;
}

/** As `statedLength`; what a stream does not say is 0. */
export function contentLength(
  message: SipMessage,
  to: { anomaly(name: SipAnomaly): void },
): number {
  const { headers } = message;
  if (headers.count('content-length') + headers.count('l') === 0) to.anomaly(SipAnomaly.NoLength);
  return Math.max(0, statedLength(message, to));
}
