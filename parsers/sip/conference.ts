/**
 * Who is in a conference (RFC 4575): each arrival and departure is said once.
 *   <conference-info entity="sip:room@x"><users><user entity="sip:a@x" state="deleted"><endpoint><status>
 */
import { canonicalAddress } from '../framing/sip-address.ts';
import { allNamed, textNamed } from '../framing/xml-document.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { kept, type SipFlow } from './sip-flow.ts';

const USERS_LIMIT = 1024;

export function onConferenceInfo(flow: SipFlow, root: XmlElement): void {
  const entity = root.attribute('entity');
  const room = entity === undefined ? flow.message.from.address : canonicalAddress(entity);
  if (room === undefined) return;
  for (const user of allNamed(root, 'user', USERS_LIMIT)) {
    const uri = user.attribute('entity');
    const who = uri === undefined ? undefined : canonicalAddress(uri);
    if (who === undefined) continue;
    const key = kept(`${room} ${who}`);
    const here = isHere(user);
    if (here === flow.participants.has(key)) continue;
    if (here) flow.participants.set(key, true);
    else flow.participants.delete(key);
    const event = flow.newEvent(here ? 'room.join' : 'room.leave');
    event.from = who;
    event.to = undefined;
    event.room = room;
    event.route = 'room';
    event.name = textNamed(user, 'display-text');
    flow.say(event);
  }
}

function isHere(user: XmlElement): boolean {
  if (user.attribute('state') === 'deleted') return false;
  const states = allNamed(user, 'status', 16).map((status) => status.text().trim());
  return states.length === 0 || states.some((state) => !/^disconnect/.test(state));
}
