/** What the truth of a public IRC or XMPP capture says the engine must report. */
import { type Expected, OneOf } from './compare.ts';
import { withoutFormatting } from './irc-text.ts';
import { type Item, items, number, type PublicTruth, text } from './truth.ts';

type Fields = Expected['fields'];

export function expectPublic(truth: PublicTruth): Expected[] {
  const irc = truth.flows.some((flow) => flow.protocol === 'irc');
  return irc ? ircItems(truth) : xmppItems(truth);
}

function wanted(item: Item, kind: string, fields: Fields, optional = false): Expected {
  const origin = item.dir === 'c2s' ? 'client' : 'server';
  return {
    what: JSON.stringify(item).slice(0, 200),
    fields: { kind, origin, ...fields },
    optional,
  };
}

function ircItems(truth: PublicTruth): Expected[] {
  return [
    ...truth.logins
      .filter((item) => item.type === 'WELCOME')
      .map((item) =>
        wanted(item, 'session.login', { account: text(item, 'nick'), origin: anyOrigin }),
      ),
    ...truth.messages.map(ircMessage),
    ...truth.presence.flatMap(ircPresence),
    ...truth.file_transfers.flatMap(ircFile),
  ];
}

const CTCP = '\u0001';
const anyOrigin = new OneOf('client', 'server', undefined);

function ircMessage(item: Item): Expected {
  const said = text(item, 'text') ?? '';
  return wanted(item, 'message', {
    from: text(item, 'from'),
    to: text(item, 'room') === undefined ? text(item, 'to') : undefined,
    room: text(item, 'room'),
    ...bodyOf(said, item.kind === 'notice' ? 'notice' : undefined),
  });
}

/** Text and form of what was said: a CTCP request, its ACTION, or plain words. */
export function bodyOf(said: string, form: string | undefined): Fields {
  if (!said.startsWith(CTCP)) return { text: withoutFormatting(said), form };
  const words = said.replaceAll(CTCP, '');
  const action = /^ACTION (.*)$/.exec(words)?.[1];
  return action === undefined ? { text: words, form: 'ctcp' } : { text: action, form: 'action' };
}

/** Membership as the server says it; what a client asks for is `requested`. */
function ircPresence(item: Item): Expected[] {
  const args = Array.isArray(item.args) ? item.args.map(String) : [];
  const from = text(item, 'who');
  const state = item.dir === 'c2s' ? 'requested' : undefined;
  switch (item.type) {
    case 'JOIN':
      return [wanted(item, 'room.join', { from, room: args[0], state })];
    case 'PART':
      return [wanted(item, 'room.leave', { from, room: args[0], state })];
    case '332':
      return [
        wanted(item, 'room.topic', { room: args[1], text: withoutFormatting(args[2] ?? '') }),
      ];
    case 'TOPIC':
      return [
        wanted(item, 'room.topic', { from, room: args[0], text: withoutFormatting(args[1] ?? '') }),
      ];
    case 'QUIT':
      return [
        wanted(
          item,
          'presence',
          { kind: new OneOf('session.logout', 'presence'), from: new OneOf(from, undefined) },
          true,
        ),
      ];
    case 'MODE':
    case '353':
      return [];
    default:
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
  }
}

function ircFile(item: Item): Expected[] {
  const file: Fields = {
    from: text(item, 'from'),
    to: text(item, 'to'),
    'file.name': text(item, 'filename'),
  };
  const offer = wanted(item, 'file.offer', { ...file, 'file.size': number(item, 'size') });
  const data = items(item, 'data_streams')[0];
  if (data === undefined) return [offer];
  const size = number(data, 's2c') ?? 0;
  const complete = size === number(item, 'size');
  return [
    offer,
    wanted(item, 'file.start', file),
    wanted(item, complete ? 'file.complete' : 'file.cancel', {
      ...file,
      ...(complete ? { 'file.size': size, 'file.sha256': text(data, 'sha256_s2c') } : {}),
    }),
  ];
}

function xmppItems(truth: PublicTruth): Expected[] {
  return [
    ...truth.logins.flatMap(xmppLogin),
    ...truth.messages.map((item) =>
      wanted(item, 'message', { ...xmppParties(item), text: text(item, 'text') }),
    ),
    ...truth.typing.map(xmppState),
    ...truth.contacts.flatMap(xmppContact),
    ...truth.presence.map(xmppPresence),
  ];
}

function xmppLogin(item: Item): Expected[] {
  if (item.type === 'bind result') {
    return [wanted(item, 'session.login', { account: bare(text(item, 'jid')), origin: anyOrigin })];
  }
  if (item.type === 'failure') return [wanted(item, 'session.failed', { origin: anyOrigin })];
  return [];
}

/** A client that names no sender is the account of its flow, where the capture shows it. */
function xmppParties(item: Item): Fields {
  const from = bare(text(item, 'from'));
  return { ...(from === undefined ? {} : { from }), to: bare(text(item, 'to')) };
}

/** Chat states, and (the truth counts them among these) subjects without a body. */
function xmppState(item: Item): Expected {
  if (!(text(item, 'raw') ?? '').startsWith('<subject')) {
    return wanted(item, 'typing', xmppParties(item), true);
  }
  return wanted(item, 'room.topic', { room: bare(text(item, 'from')), text: undefined });
}

function xmppContact(item: Item): Expected[] {
  if (item.type !== 'set') return [];
  const toServer = item.dir === 'c2s';
  return items(item, 'items').map((entry) => {
    const contact = bare(text(entry, 'jid'));
    const kind = toServer ? 'contact.add' : new OneOf('contact.list', 'contact.add');
    return wanted(item, 'contact.add', { kind, contact }, !toServer);
  });
}

const SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  subscribe: 'contact.request',
  subscribed: 'contact.approve',
};

function xmppPresence(item: Item): Expected {
  const kind = SUBSCRIPTIONS[text(item, 'type') ?? ''];
  const contact = bare(item.dir === 'c2s' ? text(item, 'to') : text(item, 'from'));
  if (kind !== undefined) return wanted(item, kind, { contact });
  return wanted(item, 'presence', { kind: new OneOf('presence', 'room.join') }, true);
}

function bare(jid: string | undefined): string | undefined {
  return jid?.split('/')[0]?.toLowerCase();
}
