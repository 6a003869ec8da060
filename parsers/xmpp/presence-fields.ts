/** State, status text and nick of a presence stanza (RFC 6121 §4.7, XEP-0172). */
import type { ImEvent } from '../../src/event/event.ts';
import { Ns } from './namespaces.ts';
import type { Stanza } from './stanza.ts';

/** The caller names the parties. */
export function fillPresence(event: ImEvent, stanza: Stanza): void {
  const { element } = stanza;
  event.state =
    stanza.type === 'unavailable' ? 'unavailable' : (element.childText('show') ?? 'available');
  event.status = element.childTexts('status');
  event.name = element.childText('nick', Ns.Nick);
  event.messageId = undefined;
}
