/**
 * What the truth of a recorded Gadu-Gadu session says the engine must report. What is reported of which
 * packet is described in parsers/gadu-gadu/README.md; who, to whom and what comes from the truth.
 */
import type { Expected } from './compare.ts';
import { type Item, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];

export function expectGadu(truth: RecordedTruth): Expected[] {
  const account = text(truth.events.find(({ event }) => event === 'login') ?? {}, 'account');
  const wanted = (item: Item, kind: string, fields: Fields): Expected => ({
    what: `${kind} ${JSON.stringify(item)}`,
    fields: { kind, account, ...fields },
  });
  return truth.events.flatMap((item) => {
    const fromClient = item.dir === 'c2s';
    const origin = fromClient ? 'client' : 'server';
    switch (item.event) {
      case 'login':
        return wanted(item, 'session.login', { origin: 'server', from: account });
      case 'presence': {
        const own = { state: text(item, 'status'), status: text(item, 'description') };
        const from = fromClient ? account : text(item, 'nick');
        return wanted(item, 'presence', { origin, from, ...own });
      }
      case 'contacts':
        return (item.uins as string[]).map((contact) =>
          wanted(item, 'contact.list', {
            origin,
            contact,
            list: (item.blocked as string[]).includes(contact) ? 'block' : 'roster',
          }),
        );
      case 'contact-add':
        return wanted(item, 'contact.add', { origin: 'client', contact: text(item, 'uin') });
      case 'contact-remove':
        return wanted(item, 'contact.remove', { origin: 'client', contact: text(item, 'uin') });
      case 'typing':
        return wanted(item, 'typing', { origin, to: text(item, 'to'), state: 'composing' });
      case 'message':
        return messages(item).map((to) =>
          wanted(item, 'message', {
            origin,
            from: fromClient ? account : text(item, 'from'),
            to,
            text: text(item, 'text'),
          }),
        );
      default:
        throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    }
  });
}

/** The recipients: a conference is one message for each ("sent once per recipient"). */
function messages(item: Item): (string | undefined)[] {
  const conference = item.conference as string[] | undefined;
  return conference ?? [text(item, 'to')];
}
