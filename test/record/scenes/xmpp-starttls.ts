/** A session that is readable up to StartTLS and opaque from there: no message may be reported. */
import { actorAt, breathe, type Stage } from '../stage.ts';
import { XmppPerson } from './xmpp-person.ts';

export async function xmppStartTls(stage: Stage): Promise<void> {
  const domain = 'secure.example';
  const anna = new XmppPerson(actorAt(stage, 0), { user: 'anna', domain, resource: 'desk' });
  const erik = new XmppPerson(actorAt(stage, 1), { user: 'erik', domain, resource: 'home' });
  for (const person of [erik, anna]) {
    await person.signIn();
    await person.send('<presence/>');
  }
  stage.truth.add({ kind: 'flow.opaque' });
  await anna.tell(erik, 'Nobody on the wire can read this');
  await breathe();
  await erik.tell(anna, 'Then let us talk about project falcon');
  await breathe();
  await anna.signOut();
  await erik.signOut();
}
