/**
 * Documents about people, in NOTIFY, PUBLISH or elsewhere.
 *
 *   application/pidf+xml                            presence (RFC 3863, RFC 4480)
 *   application/xpidf+xml                           presence of Windows Messenger 4 and 5
 *   application/watcherinfo+xml                     who asks to see presence (RFC 3858)
 *   application/vnd-microsoft-roaming-contacts+xml  contact list of LCS and OCS
 *   application/conference-info+xml                 who is in a conference (RFC 4575)
 *   application/rlmi+xml                            names the list whose members stand beside it (RFC 4662)
 */
import type { BodyItem } from '../framing/im-body-items.ts';
import { canonicalAddress } from '../framing/sip-address.ts';
import { allNamed, childNamed, textNamed, xmlDocument } from '../framing/xml-document.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { onConferenceInfo } from './conference.ts';
import { onRoamingContacts } from './roaming-contacts.ts';
import type { SipFlow } from './sip-flow.ts';
import { onWatcherInfo } from './watchers.ts';

const TUPLES_LIMIT = 64;

/** True when the document was of a known kind, whether it made an event or not. */
export function onPresenceDocument(flow: SipFlow, item: BodyItem & { kind: 'document' }): boolean {
  const { type } = item;
  if (type === 'application/rlmi+xml' || type === 'application/sdp') return true;
  const root = xmlDocument(item.buffer, item.start, item.end);
  if (root === undefined) return false;
  switch (root.name) {
    case 'presence':
      sayPresence(flow, root);
      return true;
    case 'watcherinfo':
      onWatcherInfo(flow, root);
      return true;
    case 'contactList':
    case 'contactDelta':
      onRoamingContacts(flow, root);
      return true;
    case 'conference-info':
      onConferenceInfo(flow, root);
      return true;
    default:
      return false;
  }
}

function sayPresence(flow: SipFlow, root: XmlElement): void {
  const presentity = childNamed(root, 'presentity')?.attribute('uri');
  const entity = root.attribute('entity') ?? presentity?.split(';')[0];
  const who = entity === undefined ? undefined : canonicalAddress(entity);
  const state = stateOf(root);
  if (state === undefined) return;
  const event = flow.newEvent('presence');
  event.from = who ?? event.from;
  event.to = undefined;
  event.route = 'service';
  event.state = state;
  event.status = noteOf(root);
  // Servers that know no presence send a PUBLISH back to who made it.
  if (!flow.isOwn && flow.message.method === 'PUBLISH') event.copy = 'echo';
  flow.say(event);
}

/** Open in any tuple is open; an activity says more (RFC 4480 §3.2). */
function stateOf(root: XmlElement): string | undefined {
  const basics = allNamed(root, 'basic', TUPLES_LIMIT).map((basic) => basic.text().trim());
  const old = allNamed(root, 'status', TUPLES_LIMIT).map((status) => status.attribute('status'));
  const open = basics.includes('open') || old.includes('open') || old.includes('inuse');
  const known = basics.length > 0 || old.some((status) => status !== undefined);
  if (known && !open) return 'offline';
  const activity = allNamed(root, 'activities', TUPLES_LIMIT)
    .flatMap(({ children }) => children)
    .find(({ name }) => name !== 'note' && name !== 'unknown')?.name;
  const sub = allNamed(root, 'msnsubstatus', 1)[0]?.attribute('substatus');
  return activity ?? (sub === 'online' ? undefined : sub) ?? (open ? 'available' : undefined);
}

function noteOf(root: XmlElement): string | undefined {
  const direct = textNamed(root, 'note');
  return direct ?? (allNamed(root, 'note', 1)[0]?.text().trim() || undefined);
}
