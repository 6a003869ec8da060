/** Why a request was refused, as a reader wants it: `404 Not Found`. */
import type { SipMessage } from './sip-message.ts';

export function statusText({ status, reason }: SipMessage): string {
  return reason === '' ? String(status) : `${status} ${reason}`;
}
