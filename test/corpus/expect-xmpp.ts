/**
 * What the truth of a recorded XMPP session says the engine must report. What is reported of which
 * stanza is described in parsers/xmpp/README.md; who, to whom, where and what comes from the truth.
 */
import { type Expected, OneOf } from './compare.ts';
import { type Item, items, number, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];
type Rule = (scene: Scene, item: Item) => void;
const DOMAIN = 'harbor.example';

export function expectXmpp(truth: RecordedTruth): Expected[] {
  const scene = new Scene(truth);
  for (const item of truth.events) {
    const rule = RULES[text(item, 'event') ?? ''];
    if (rule === undefined)
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    scene.item = item;
    rule(scene, item);
  }
  for (const flow of truth.flows) {
    expectData(scene, flow);
    expectHttp(scene, flow);
  }
  return scene.expected;
}

/** What is known at a point of the session. */
class Scene {
  readonly expected: Expected[] = [];
  item: Item = {};
  readonly #truth: RecordedTruth;
  readonly #nicks = new Map<string, string>();
  readonly #occupants = new Map<string, Set<string>>();
  /** Offers by session and transport identifier. */
  readonly offers = new Map<string, Fields>();
  /** Offers of links, and the requests for slots they were uploaded to, by URL. */
  readonly links = new Map<string, Fields>();
  readonly slots = new Map<string, Fields>();
  requested: Fields = {};

  constructor(truth: RecordedTruth) {
    this.#truth = truth;
  }

  get toServer(): boolean {
    return this.item.dir === 'c2s';
  }

  /** The account of the item's flow: bound, or logged in without binding. */
  get account(): string | undefined {
    return this.accountOf(number(this.item, 'flow') ?? 0);
  }

  accountOf(flow: number): string | undefined {
    const own = this.#truth.events.filter((e) => e.flow === flow);
    const bind = own.find((e) => e.event === 'bind');
    if (bind) return bare(text(bind, 'jid'));
    const login = own.find((e) => e.event === 'login' && e.success === true);
    return login && `${text(login, 'account')}@${DOMAIN}`;
  }

  /** In a stream picked up in the middle the account is known once a stanza has shown it. */
  get accountOrUnknown(): OneOf {
    return this.account === undefined
      ? new OneOf(undefined, 'anna@harbor.example')
      : new OneOf(this.account);
  }

  want(kind: string, fields: Fields, optional = false): void {
    const origin = this.toServer ? 'client' : 'server';
    const account = this.accountOrUnknown;
    const what = JSON.stringify(this.item).slice(0, 200);
    this.expected.push({ what, fields: { kind, origin, account, ...fields }, optional });
  }

  /** Sender and recipient as bare JIDs; a party that is not named is the account. */
  get parties(): Fields {
    const from = text(this.item, 'from');
    const to = text(this.item, 'to');
    return {
      from: from === undefined ? this.accountOrUnknown : bare(from),
      to: to === undefined ? this.accountOrUnknown : bare(to),
    };
  }

  nickIn(room: string): string | undefined {
    return this.#nicks.get(room);
  }

  setNick(room: string, nick: string | undefined): void {
    if (nick !== undefined) this.#nicks.set(room, nick);
  }

  /** Nicks that are in the room. */
  occupants(room: string): Set<string> {
    const known = this.#occupants.get(room) ?? new Set<string>();
    this.#occupants.set(room, known);
    return known;
  }
}

const NOTHING: Rule = () => undefined;

const RULES: Readonly<Record<string, Rule>> = {
  login: (s, item) => {
    const account = `${text(item, 'account')}@${DOMAIN}`;
    if (item.success === true) s.want('session.login', { origin: anyOrigin, account });
    else
      s.want('session.failed', {
        origin: anyOrigin,
        account: new OneOf(account, undefined),
        from: new OneOf(account, undefined),
      });
  },
  bind: NOTHING,
  register: NOTHING,
  roster: (s, item) => {
    for (const entry of items(item, 'items')) s.want('contact.list', contactOf(entry));
  },
  'roster-set': (s, item) =>
    s.want('contact.add', {
      contact: bare(text(item, 'jid')),
      name: text(item, 'name'),
      groups: groupsOf(item),
    }),
  'roster-remove': (s, item) => s.want('contact.remove', { contact: bare(text(item, 'jid')) }),
  'roster-push': (s, item) =>
    s.want(
      'contact.list',
      {
        kind: new OneOf('contact.list', 'contact.add', 'contact.remove'),
        contact: bare(text(item, 'jid')),
      },
      true,
    ),
  subscription: (s, item) => {
    const kind = SUBSCRIPTIONS[text(item, 'action') ?? ''] ?? '';
    const contact = s.toServer ? text(item, 'to') : text(item, 'from');
    s.want(kind, { ...s.parties, contact: bare(contact) });
  },
  presence: (s, item) => {
    const status = text(item, 'status');
    s.want('presence', { from: s.parties.from, state: stateOf(item), status }, true);
  },
  message: expectMessage,
  'chat-state': (s, item) => s.want('typing', { ...s.parties, state: text(item, 'state') }),
  receipt: (s, item) => s.want('message.receipt', { ...s.parties, refersTo: text(item, 'for_id') }),
  'room-join': (s, item) => {
    const room = text(item, 'room') ?? '';
    s.setNick(room, text(item, 'nick'));
    s.want('room.join', { room, from: text(item, 'nick') });
  },
  'room-nick': (s, item) => s.setNick(text(item, 'room') ?? '', text(item, 'nick')),
  'room-leave': (s, item) =>
    s.want('room.leave', { room: text(item, 'room'), from: text(item, 'nick') }),
  'room-occupant': expectOccupant,
  'room-subject': (s, item) => {
    const room = text(item, 'room') ?? '';
    const from = s.toServer ? s.nickIn(room) : resource(text(item, 'from'));
    const subject = text(item, 'subject') ?? '';
    s.want('room.topic', { room, from, text: subject === '' ? undefined : subject });
  },
  'room-invite': (s, item) => {
    const from = bare(text(item, 'inviter')) ?? s.accountOrUnknown;
    s.want('room.invite', {
      room: text(item, 'room'),
      from,
      to: bare(text(item, 'invitee')),
      reason: text(item, 'reason'),
    });
  },
  'room-admin': (s, item) => {
    const room = text(item, 'room') ?? '';
    const to = text(item, 'nick') ?? text(item, 'jid');
    s.want('room.kick', { room, to, from: s.nickIn(room), reason: text(item, 'reason') });
  },
  'room-config-changed': NOTHING,
  'file-offer': (s, item) => {
    const offer: Fields = {
      ...s.parties,
      'file.name': text(item, 'name'),
      'file.size': number(item, 'size'),
    };
    s.offers.set(text(item, 'sid') ?? '', offer);
    const transport = text(item, 'transport_sid');
    if (transport !== undefined) s.offers.set(transport, offer);
    s.want('file.offer', { ...offer, 'file.token': text(item, 'sid') });
  },
  'file-accept': (s, item) =>
    s.want('file.accept', { ...s.parties, 'file.token': text(item, 'sid') }),
  'file-decline': (s, item) =>
    s.want('file.decline', { ...s.parties, 'file.token': text(item, 'sid') }),
  'file-cancel': (s, item) =>
    s.want('file.cancel', { ...s.parties, 'file.token': text(item, 'sid') }),
  'file-stream-open': (s, item) => {
    const offer = s.offers.get(text(item, 'sid') ?? '');
    s.want('file.start', { ...s.parties, 'file.name': offer?.['file.name'] });
  },
  'file-stream-close': expectClose,
  'file-stream-hosts': NOTHING,
  'file-stream-host-used': NOTHING,
  'file-stream-activate': NOTHING,
  'file-transport': NOTHING,
  'file-info': NOTHING,
  'file-complete': NOTHING,
  'file-upload-request': (s, item) => {
    s.requested = {
      ...s.parties,
      'file.name': text(item, 'name'),
      'file.size': number(item, 'size'),
      'file.method': 'http-upload',
    };
    s.want('file.offer', s.requested);
  },
  'file-upload-slot': (s, item) => {
    const url = text(item, 'get_url') ?? '';
    s.slots.set(text(item, 'put_url') ?? '', { ...s.requested, 'file.url': url });
    s.want('file.accept', { ...s.parties, 'file.url': url });
  },
  'file-upload-refused': (s) => s.want('file.decline', s.parties),
  'file-url': (s, item) =>
    s.want('file.offer', { ...s.parties, 'file.url': text(item, 'url'), 'file.method': 'oob' }),
  carbons: NOTHING,
  'stream-management': NOTHING,
  'stream-close': NOTHING,
  'stream-error': NOTHING,
  garbage: NOTHING,
  starttls: (s) => s.want('flow.opaque', { origin: anyOrigin, account: undefined }),
};

const SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  subscribe: 'contact.request',
  subscribed: 'contact.approve',
  unsubscribe: 'contact.remove',
  unsubscribed: 'contact.deny',
};

/** Logins are the client's doing and the server's answer. */
const anyOrigin = new OneOf('client', 'server', undefined);

function expectMessage(s: Scene, item: Item): void {
  const body: Fields = { text: text(item, 'text'), messageId: text(item, 'id') };
  const url = text(item, 'oob_url');
  if (url !== undefined) {
    s.links.set(url, { ...s.parties, 'file.url': url, 'file.method': 'oob' });
    s.want('file.offer', { ...s.parties, 'file.url': url });
  }
  const replaced = text(item, 'replaces');
  const kind = replaced === undefined ? 'message' : 'message.edit';
  const room = text(item, 'room');
  if (room !== undefined) s.want(kind, { ...body, ...roomParties(s, item, room) });
  else if (item.carbon !== undefined) s.want(kind, { ...body, ...s.parties, copy: 'carbon' });
  else s.want(kind, { ...body, ...s.parties, room: undefined, refersTo: replaced });
}

/** In a room people are nicks; private words in a room go from nick to nick. */
function roomParties(s: Scene, item: Item, room: string): Fields {
  const own = s.nickIn(room);
  if (item.room_private === true) {
    return s.toServer
      ? { room, from: own, to: resource(text(item, 'to')) }
      : {
          room,
          from: resource(text(item, 'from')),
          to: new OneOf(own, ...s.accountOrUnknown.values),
        };
  }
  if (s.toServer) return { room, from: own, to: undefined };
  const from = resource(text(item, 'from'));
  return { room, from, to: undefined, copy: from === own ? 'echo' : undefined };
}

function expectOccupant(s: Scene, item: Item): void {
  const room = text(item, 'room') ?? '';
  const nick = text(item, 'nick') ?? '';
  const renamed = text(item, 'new_nick');
  const codes = Array.isArray(item.codes) ? item.codes : [];
  const present = s.occupants(room);
  if (item.available === true) {
    s.want(present.has(nick) ? 'presence' : 'room.join', { room, from: nick });
    present.add(nick);
    return;
  }
  present.delete(nick);
  if (renamed !== undefined) {
    present.add(renamed);
    s.want('presence', { room, from: nick, name: renamed });
  } else if (codes.includes('307')) {
    s.want('room.kick', {
      room,
      to: nick,
      from: text(item, 'actor'),
      reason: text(item, 'reason'),
    });
  } else s.want('room.leave', { room, from: nick });
}

function expectClose(s: Scene, item: Item): void {
  const offer = s.offers.get(text(item, 'sid') ?? '');
  const size = number(item, 'bytes');
  if (offer?.['file.size'] !== size) {
    s.want('file.cancel', { 'file.name': offer?.['file.name'] });
    return;
  }
  s.want('file.complete', {
    'file.name': offer?.['file.name'],
    'file.size': size,
    'file.sha256': text(item, 'sha256'),
    from: offer?.from,
    to: offer?.to,
  });
}

/** The SOCKS5 flows: content, and from whom to whom, is the offer's. */
function expectData(s: Scene, flow: Item): void {
  if (flow.role !== 'socks5-data') return;
  const data = (flow.to_server ?? flow.to_client) as Item;
  const size = number(data, 'bytes');
  const offer = [...s.offers.values()].find((o) => o['file.size'] === size);
  const file: Fields = {
    from: offer?.from,
    to: offer?.to,
    'file.name': offer?.['file.name'],
  };
  s.item = flow;
  const origin = anyOrigin;
  const account = new OneOf(undefined, s.accountOf(0));
  s.want('file.start', { ...file, origin, account });
  s.want('file.complete', {
    ...file,
    origin,
    account,
    'file.size': size,
    'file.sha256': text(data, 'sha256'),
  });
}

/** The HTTP connections: brought by who asked for the slot, fetched by whom the link was told. */
function expectHttp(s: Scene, flow: Item): void {
  if (flow.role !== 'http-upload') return;
  for (const transfer of items(flow, 'transfers')) {
    const [method, target] = (text(transfer, 'request') ?? '').split(' ');
    const url = `http://${text(transfer, 'host')}${target}`;
    const isPut = method === 'PUT';
    const offer = (isPut ? s.slots : s.links).get(url);
    if (offer === undefined) throw new Error(`no offer is known of ${url}`);
    const parties: Fields = {
      ...offer,
      protocol: 'http-upload',
      origin: isPut ? 'client' : 'server',
      account: s.accountOf(0),
      copy: undefined,
    };
    s.item = transfer;
    s.want('file.start', parties);
    s.want('file.complete', {
      ...parties,
      'file.size': number(transfer, 'bytes'),
      'file.sha256': text(transfer, 'sha256'),
    });
  }
}

function contactOf(entry: Item): Fields {
  return { contact: bare(text(entry, 'jid')), name: text(entry, 'name'), groups: groupsOf(entry) };
}

function groupsOf(entry: Item): string | undefined {
  const groups = entry.groups;
  return Array.isArray(groups) && groups.length > 0 ? groups.join(',') : undefined;
}

function stateOf(item: Item): string | OneOf {
  if (item.type === 'unavailable') return 'unavailable';
  return text(item, 'show') ?? new OneOf('available', 'online');
}

function bare(jid: string | undefined): string | undefined {
  return jid?.split('/')[0]?.toLowerCase();
}

function resource(jid: string | undefined): string | undefined {
  const slash = jid?.indexOf('/') ?? -1;
  return slash < 0 ? undefined : jid?.slice(slash + 1);
}
