/** A size from the wire: decimal digits, at most 2^53-1. Anything else is no size. */
import { XmppAnomaly } from './anomalies.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

export function fileSize(
  session: XmppSession,
  stanza: Stanza,
  text: string | undefined,
): number | undefined {
  const digits = text?.trim();
  if (digits === undefined || digits === '') return undefined;
  const size = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  if (Number.isSafeInteger(size)) return size;
  session.anomaly(XmppAnomaly.SizeInvalid, stanza.direction);
  return undefined;
}
