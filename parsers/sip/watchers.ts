/**
 * Watcher information (RFC 3858): who subscribes to the account's presence, and what became of it.
 *   <watcherinfo><watcher-list resource="sip:me@…"><watcher status="pending" event="subscribe">sip:…
 */
import { canonicalAddress } from '../framing/sip-address.ts';
import { allNamed } from '../framing/xml-document.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import type { SipFlow } from './sip-flow.ts';

const WATCHERS_LIMIT = 1024;

export function onWatcherInfo(flow: SipFlow, root: XmlElement): void {
  for (const watcher of allNamed(root, 'watcher', WATCHERS_LIMIT)) {
    const contact = canonicalAddress(watcher.text().trim());
    const status = watcher.attribute('status');
    const cause = watcher.attribute('event');
    const kind =
      status === 'pending' || status === 'waiting'
        ? 'contact.request'
        : cause === 'approved'
          ? 'contact.approve'
          : cause === 'rejected'
            ? 'contact.deny'
            : undefined;
    if (kind === undefined || contact === undefined) continue;
    const event = flow.newEvent(kind);
    event.from = kind === 'contact.request' ? contact : event.account;
    event.to = kind === 'contact.request' && event.account ? [event.account] : [contact];
    event.contact = contact;
    event.name = watcher.attribute('display-name') || undefined;
    flow.say(event);
  }
}
