/** Requests whose answer means something, until it comes (RFC 6120 §8.2.3: same id, other way). */
import type { IqRequestKind } from './iq-requests.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

export interface PendingIq {
  readonly kind: IqRequestKind;
  /** What the answer is about: key of a transfer or Jingle session, a login name. */
  readonly subject: string;
}

export function expectAnswer(
  session: XmppSession,
  stanza: Stanza,
  kind: IqRequestKind,
  subject: string,
): void {
  if (stanza.id !== undefined)
    session.iqs.set(`${stanza.partyKey} ${stanza.id}`, { kind, subject });
}

/** What this result or error answers, if it answers anything remembered. */
export function answered(session: XmppSession, stanza: Stanza): PendingIq | undefined {
  return stanza.id === undefined
    ? undefined
    : session.iqs.take(`${stanza.answeredKey} ${stanza.id}`);
}
