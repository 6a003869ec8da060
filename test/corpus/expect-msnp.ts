/**
 * What the truth of an MSN session says the engine must report. What is made of which command is described in
 * parsers/msnp/README.md; who, to whom and what comes from the truth. The sessions were recorded on the bridge
 * between all hosts: what one says to another passes twice, to the server and from it.
 */
import { type Expected, type Explained, OneOf } from './compare.ts';
import { type Item, items, number, type PublicTruth, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];
type Rule = (scene: Scene, item: Item) => void;

export function expectMsnp(name: string, truth: RecordedTruth): Expected[] {
  const scene = new Scene(name);
  for (const item of truth.events) {
    const rule = RULES[text(item, 'type') ?? ''];
    if (rule === undefined)
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    scene.item = item;
    rule(scene, item);
  }
  return scene.expected;
}

class Scene {
  readonly expected: Expected[] = [];
  item: Item = {};
  /** Who is in the conference, in the order of coming. */
  present: string[] = [];
  conference = false;
  /** Everybody's group of each contact, `owner contact`. */
  readonly groups = new Map<string, string>();
  /** Lists are on the wire up to MSNP12; later they are edited by SOAP, and the changes told by ADL. */
  readonly lines: boolean;
  readonly #signedIn = new Set<string>();

  constructor(name: string) {
    this.lines = name.startsWith('msnp9');
  }

  want(origin: 'client' | 'server', account: string | undefined, kind: string, fields: Fields) {
    const what = JSON.stringify(this.item).slice(0, 200);
    this.expected.push({ what, fields: { kind, protocol: 'msnp', origin, account, ...fields } });
  }

  /** Said by one, heard by others: once from its client, and once for each of them from the server. */
  both(kind: string, from: string | undefined, to: readonly string[], fields: Fields): void {
    const parties = (heard: string | undefined): Fields =>
      this.conference ? { to: undefined, room: ROOM } : { to: heard, room: undefined };
    this.want('client', from, kind, { from, ...parties(to[0]), ...fields });
    for (const account of to)
      this.want('server', account, kind, { from, ...parties(account), ...fields });
  }

  isOnline(account: string | undefined): boolean {
    return this.#signedIn.has(account ?? '');
  }
  signIn(account: string | undefined): void {
    this.#signedIn.add(account ?? '');
  }
  signOut(account: string | undefined): void {
    this.#signedIn.delete(account ?? '');
  }
}

/** The session's identifier: frame 490 of the conference, `CAL 2 RINGING 537d…`. */
const ROOM = '537d34d8ee81d34f07ae2588ba72b8e';

const NOTHING: Rule = () => undefined;

const RULES: Readonly<Record<string, Rule>> = {
  login: (s, item) => {
    const account = text(item, 'account');
    if (item.result === 'failed') {
      // The refusal itself came by HTTPS; on the wire the client leaves.
      s.want('client', account, 'session.failed', { from: account });
      return;
    }
    s.want('server', account, 'session.login', { from: account });
    s.signIn(account);
    for (const [key, group] of s.groups) {
      const [owner, contact] = key.split(' ');
      if (owner !== account) continue;
      const groups = s.lines ? group : undefined;
      const origin = s.lines ? 'server' : 'client';
      s.want(origin, account, 'contact.list', { contact, list: 'forward', groups });
    }
  },
  logout: (s, item) => {
    const account = text(item, 'account');
    s.want('client', account, 'session.logout', { from: account });
    s.signOut(account);
  },
  'contact-add': (s, item) => {
    const account = text(item, 'account');
    const contact = text(item, 'contact');
    s.groups.set(`${account} ${contact}`, text(item, 'group') ?? '');
    const groups = s.lines ? text(item, 'group') : undefined;
    s.want('client', account, 'contact.add', { from: account, contact, list: 'forward', groups });
    s.want('server', contact, 'contact.request', {
      from: account,
      to: contact,
      contact: account,
      list: 'reverse',
    });
    const policy = items(item, 'peer_events')[0]?.policy;
    const about = { from: contact, contact: account };
    if (policy === 'accept')
      s.want('client', contact, 'contact.approve', { ...about, list: 'allow' });
    if (policy === 'deny') s.want('client', contact, 'contact.deny', { ...about, list: 'block' });
  },
  'contact-remove': (s, item) => {
    const account = text(item, 'account');
    const contact = text(item, 'contact');
    const groups = s.lines ? (s.groups.get(`${account} ${contact}`) ?? undefined) : undefined;
    s.groups.delete(`${account} ${contact}`);
    removed(s, account, contact, groups);
  },
  'contact-move': (s, item) => {
    if (!s.lines) return;
    const account = text(item, 'account');
    const contact = text(item, 'contact');
    // Up to MSNP9 a contact is moved by taking it out of one group and putting it into another.
    removed(s, account, contact, s.groups.get(`${account} ${contact}`));
    const groups = text(item, 'group');
    s.groups.set(`${account} ${contact}`, groups ?? '');
    s.want('client', account, 'contact.add', { contact, list: 'forward', groups });
  },
  'group-rename': (s, item) => {
    for (const [key, group] of s.groups) {
      const own = key.startsWith(`${text(item, 'account')} `) && group === text(item, 'group');
      if (own) s.groups.set(key, text(item, 'new') ?? '');
    }
  },
  block: (s, item) => {
    const account = text(item, 'account');
    const about = { from: account, contact: text(item, 'contact') };
    s.want('client', account, 'contact.remove', { ...about, list: 'allow' });
    s.want('client', account, 'contact.block', { ...about, list: 'block' });
  },
  unblock: (s, item) => {
    const account = text(item, 'account');
    s.want('client', account, 'contact.unblock', { contact: text(item, 'contact'), list: 'block' });
  },

  message: (s, item) => {
    if (item.wire_streams === 0) return;
    s.both('message', text(item, 'from'), [text(item, 'to') ?? ''], {
      text: text(item, 'text'),
      form: undefined,
    });
  },
  nudge: (s, item) => {
    s.both('message', text(item, 'from'), [text(item, 'to') ?? ''], {
      text: undefined,
      form: 'nudge',
    });
  },
  typing: (s, item) => {
    // What the other did not see was not sent: there was no conversation yet.
    if (item.seen !== true) return;
    s.both('typing', text(item, 'from'), [text(item, 'to') ?? ''], { state: 'composing' });
  },
  presence: (s, item) => {
    const account = text(item, 'account');
    const state = text(item, 'state');
    s.want('client', account, 'presence', { from: account, state });
    const seenBy = text(item, 'seen_by');
    const seen = state === 'invisible' ? 'offline' : state;
    s.want('server', seenBy, 'presence', { from: account, to: seenBy, state: seen });
    const status = text(item, 'message');
    if (status === undefined || s.lines) return;
    s.want('client', account, 'presence', { from: account, state: undefined, status });
    s.want('server', seenBy, 'presence', { from: account, state: undefined, status });
  },
  idle: (s, item) => {
    const account = text(item, 'account');
    const state = number(item, 'seconds') === 0 ? 'available' : 'idle';
    s.want('client', account, 'presence', { from: account, state });
  },
  'offline-message-delivered': (s, item) => {
    if (item.delivered !== true) return;
    // The text is fetched by SOAP; that it waits is told here (frame 977).
    s.want('server', text(item, 'to'), 'message', {
      from: 'alice@retro.test',
      text: undefined,
      form: 'notice',
      route: 'service',
    });
  },

  'conference-create': (s, item) => {
    s.present = [text(item, 'account') ?? '', text(item, 'with_') ?? ''];
  },
  'conference-invite': (s, item) => {
    const newcomer = text(item, 'to') ?? '';
    const from = text(item, 'from');
    s.want('client', from, 'room.invite', { from, to: newcomer, room: ROOM, route: 'room' });
    s.conference = true;
    const all = [...s.present, newcomer];
    // With the third person it becomes a room for each of the three.
    for (const account of all) {
      for (const other of all) {
        if (other !== account) s.want('server', account, 'room.join', { from: other, room: ROOM });
      }
    }
    s.present = all;
  },
  'conference-message': (s, item) => {
    const from = text(item, 'from') ?? '';
    const others = Array.isArray(item.delivered_to) ? item.delivered_to.map(String) : [];
    s.both('message', from, others, { text: text(item, 'text') });
  },
  'conference-leave': (s, item) => {
    const account = text(item, 'account') ?? '';
    s.present = s.present.filter((other) => other !== account);
    // The last one's connection ends without OUT.
    if (s.present.length === 0) return;
    s.want('client', account, 'room.leave', { from: account, room: ROOM });
    for (const other of s.present)
      s.want('server', other, 'room.leave', { from: account, room: ROOM });
  },

  'file-offer': (s, item) => file(s, 'file.offer', item),
  'file-accept': (s, item) => answer(s, 'file.accept', item, text(item, 'by')),
  'file-decline': (s, item) => answer(s, 'file.decline', item, text(item, 'by')),
  'file-complete': (s, item) => {
    file(s, 'file.start', item);
    file(s, 'file.complete', item, { 'file.sha256': text(item, 'sha256') });
  },
  'file-cancel': (s, item) => {
    if (item.stage === 'transferring') file(s, 'file.start', item);
    answer(s, 'file.cancel', item, text(item, 'by'));
  },

  // What the client shows, and what goes by SOAP or not at all.
  roster: NOTHING,
  'contact-request-policy': NOTHING,
  'conversation-close': NOTHING,
  'nick-change': NOTHING,
};

function removed(
  s: Scene,
  account: string | undefined,
  contact: string | undefined,
  groups: string | undefined,
): void {
  s.want('client', account, 'contact.remove', { from: account, contact, list: 'forward', groups });
  s.want('server', contact, 'contact.remove', { from: account, contact: account, list: 'reverse' });
}

/** What the sender of a file says, and the receiver hears. */
function file(s: Scene, kind: string, item: Item, more: Fields = {}): void {
  const size = kind === 'file.start' ? {} : { 'file.size': number(item, 'size') };
  s.both(kind, text(item, 'from'), [text(item, 'to') ?? ''], {
    'file.name': text(item, 'name'),
    'file.method': 'p2p',
    ...size,
    ...more,
  });
}

/** What either of the two says about it, and the other hears. */
function answer(s: Scene, kind: string, item: Item, by: string | undefined): void {
  const parties = [ALICE, BOB];
  const other = parties.find((party) => party !== by) ?? '';
  s.both(kind, by, [other], { 'file.name': text(item, 'name'), 'file.method': 'p2p' });
}

const ALICE = 'alice@retro.test';
const BOB = 'bob@retro.test';

/** What the truth does not list because its script did not do it: the client did. */
export const MSNP_EXPLANATIONS: readonly Explained[] = [
  {
    why: 'a conversation that opens (CAL, RNG); the truth lists what is said in it',
    covers: (facts) => facts.kind === 'room.invite' && facts.route === 'direct',
  },
  {
    why: 'the client allows whom it adds, or lets in again',
    covers: (facts) =>
      facts.kind === 'contact.approve' && facts.list === 'allow' && facts.origin === 'client',
  },
];

/** Public captures: `me` of a flow is the account, `from` and `to` are in the messages. */
export function expectPublicMsnp(truth: PublicTruth): Expected[] {
  const accounts = new Map(truth.flows.map((flow) => [flow.stream, text(flow, 'me')]));
  const wanted = (item: Item, kind: string, fields: Fields): Expected => ({
    what: JSON.stringify(item).slice(0, 200),
    fields: {
      kind,
      protocol: 'msnp',
      origin: item.dir === 'c2s' ? 'client' : 'server',
      account: new OneOf(accounts.get(item.stream), undefined),
      packet: number(item, 'frame'),
      ...fields,
    },
  });
  return [
    ...truth.messages.map((item) =>
      wanted(item, 'message', {
        account: accounts.get(item.stream),
        from: text(item, 'from'),
        to: text(item, 'to'),
        text: text(item, 'text'),
      }),
    ),
    ...truth.typing.map((item) =>
      wanted(item, 'typing', { from: text(item, 'who'), state: 'composing' }),
    ),
    ...truth.presence.flatMap((item) => publicPresence(item, wanted)),
  ];
}

function publicPresence(
  item: Item,
  wanted: (item: Item, kind: string, fields: Fields) => Expected,
): Expected[] {
  const args = Array.isArray(item.args) ? item.args.map(String) : [];
  switch (item.type) {
    case 'NLN':
      return [
        wanted(item, 'presence', { from: args[1], name: args[2], state: STATES[args[0] ?? ''] }),
      ];
    case 'RNG':
      return [
        wanted(item, 'room.invite', {
          from: text(item, 'inviter'),
          name: text(item, 'nick'),
          route: 'direct',
        }),
      ];
    case 'CAL':
      return item.dir === 'c2s'
        ? [wanted(item, 'room.invite', { to: args[1], route: 'direct' })]
        : [];
    default:
      // UBX without text, coming and going in a conversation of two, and other protocols.
      return [];
  }
}

const STATES: Readonly<Record<string, string>> = {
  NLN: 'available',
  IDL: 'idle',
  AWY: 'away',
  BSY: 'busy',
};
