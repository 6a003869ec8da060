/** Who plays in the office scene. */
import { breathe, type Stage } from '../stage.ts';
import type { XmppPerson } from './xmpp-person.ts';

export interface Cast {
  readonly stage: Stage;
  /** Captured. */
  readonly anna: XmppPerson;
  readonly ben: XmppPerson;
  /** Works for another company. */
  readonly dana: XmppPerson;
}

/** Sends a chat message and notes it where Anna is part of it. */
export async function chat(
  { stage, anna }: Cast,
  from: XmppPerson,
  to: XmppPerson,
  text: string,
  extra = '',
): Promise<string> {
  const id = await from.tell(to, text, extra);
  const origin = from === anna ? 'client' : 'server';
  stage.truth.add({ kind: 'message', origin, from: from.bare, to: [to.bare], text });
  await breathe();
  return id;
}
