/**
 * Contact lists of Live Communications Server and Office Communications Server, as NOTIFY brings them and
 * SERVICE (SOAP) changes them (MS-SIP §2.2; libpurple's SIPE shows both).
 *   <contactList><group id="1" name="~"/><contact uri="bob@x" name="" groups="1"/>…
 *   <m:setContact><m:displayName/><m:groups>1</m:groups><m:URI>sip:…</m:URI>   <m:deleteContact><m:URI>
 */
import { canonicalAddress } from '../framing/sip-address.ts';
import { allNamed, textNamed, xmlDocument } from '../framing/xml-document.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import type { SipFlow } from './sip-flow.ts';

const CONTACTS_LIMIT = 4096;
const GROUPS_LIMIT = 256;

export function onRoamingContacts(flow: SipFlow, root: XmlElement): void {
  const names = new Map<string, string>();
  for (const group of allNamed(root, 'group', GROUPS_LIMIT)) {
    const id = group.attribute('id');
    const name = group.attribute('name');
    // `~` stands for the group that has no name.
    if (id !== undefined && name !== undefined && name !== '~') names.set(id, name);
  }
  for (const child of allNamed(root, 'contact', CONTACTS_LIMIT)) {
    sayContact(flow, 'contact.list', child.attribute('uri'), child.attribute('name'), () =>
      (child.attribute('groups') ?? '').split(/\s+/).flatMap((id) => names.get(id) ?? []),
    );
  }
  for (const child of allNamed(root, 'addedContact', CONTACTS_LIMIT)) {
    sayContact(flow, 'contact.add', child.attribute('uri'), child.attribute('name'), () => []);
  }
  for (const child of allNamed(root, 'deletedContact', CONTACTS_LIMIT)) {
    sayContact(flow, 'contact.remove', child.attribute('uri'), undefined, () => []);
  }
}

/** A SERVICE request. */
export function onService(flow: SipFlow): void {
  const { message } = flow;
  const root = xmlDocument(message.buffer, message.bodyStart, message.bodyEnd);
  if (root === undefined) return;
  const set = allNamed(root, 'setContact', CONTACTS_LIMIT);
  const removed = allNamed(root, 'deleteContact', CONTACTS_LIMIT);
  for (const child of set) {
    sayContact(flow, 'contact.add', uriOf(child), textNamed(child, 'displayName'), () => []);
  }
  for (const child of removed) {
    sayContact(flow, 'contact.remove', uriOf(child), undefined, () => []);
  }
}

function uriOf(element: XmlElement): string | undefined {
  return textNamed(element, 'URI');
}

function sayContact(
  flow: SipFlow,
  kind: 'contact.list' | 'contact.add' | 'contact.remove',
  uri: string | undefined,
  name: string | undefined,
  groupsOf: () => string[],
): void {
  const contact = uri === undefined ? undefined : canonicalAddress(uri);
  if (contact === undefined) return;
  const event = flow.newEvent(kind);
  event.from = undefined;
  event.to = undefined;
  event.route = 'service';
  event.contact = contact;
  event.list = 'roster';
  event.name = name || undefined;
  const groups = groupsOf();
  if (groups.length > 0) event.groups = groups;
  flow.say(event);
}
