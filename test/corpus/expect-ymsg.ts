/**
 * What the truth of a recorded Yahoo! session says the engine must report. The captures were made on the
 * bridge between all hosts: what the server passes on is seen a second time, on the receiver's leg. What
 * is reported of which packet is described in parsers/ymsg/README.md.
 */
import { type Expected, OneOf } from './compare.ts';
import { type Item, items, number, type PublicTruth, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];
type Rule = (scene: Scene, item: Item) => void;

export function expectYmsg(name: string, truth: RecordedTruth): Expected[] {
  const scene = new Scene(Number(/^ymsg(\d+)/.exec(name)?.[1]));
  for (const item of truth.events) {
    const rule = RULES[text(item, 'type') ?? ''];
    if (rule === undefined)
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    scene.item = item;
    rule(scene, item);
  }
  return scene.expected;
}

/** The mixed capture: one keep-alive of each of three sessions that began before it. */
export function expectPublicYmsg(truth: PublicTruth): Expected[] {
  return truth.presence
    .filter((item) => String(item.type).startsWith('YMSG'))
    .map((item) => {
      const account = text(item, 'account');
      const fields = { kind: 'presence', origin: 'client', account, from: account };
      return { what: JSON.stringify(item), fields: { ...fields, packet: number(item, 'frame') } };
    });
}

class Scene {
  readonly expected: Expected[] = [];
  readonly version: number;
  item: Item = {};
  readonly signedIn = new Set<string>();
  /** Whose list has not been looked at since the sign-in. */
  readonly fresh = new Set<string>();
  /** Group of a contact, by account and contact. */
  readonly groups = new Map<string, string>();
  readonly members = new Set<string>();

  constructor(version: number) {
    this.version = version;
  }

  want(fields: Fields): void {
    this.expected.push({ what: JSON.stringify(this.item).slice(0, 200), fields });
  }

  /** On the leg of who does it, and on the other's. */
  legs(kind: string, from: string, to: string, fields: Fields, delivered = true): void {
    this.want({ kind, origin: 'client', account: from, from, to, ...fields });
    if (delivered) this.want({ kind, origin: 'server', account: to, from, to, ...fields });
  }

  /** What the client asks of its list, and the server's word that it is done. */
  change(kind: string, account: string, fields: Fields, confirmed = true): void {
    this.want({ kind, origin: 'client', account, state: 'requested', ...fields });
    if (confirmed) this.want({ kind, origin: 'server', account, state: undefined, ...fields });
  }

  inRoom(kind: string, from: string, others: Iterable<string>, fields: Fields): void {
    const room = text(this.item, 'room') ?? 'retro_alice-42';
    const all = { kind, from, room, to: undefined, route: 'room', ...fields };
    this.want({ ...all, origin: 'client', account: from });
    for (const account of others) {
      if (account !== from) this.want({ ...all, origin: 'server', account });
    }
  }
}

const NOTHING: Rule = () => undefined;
const STATES: Readonly<Record<string, string>> = {
  notathome: 'not-at-home',
  onphone: 'on-phone',
};

const RULES: Readonly<Record<string, Rule>> = {
  login: (s, item) => {
    const account = text(item, 'account') ?? '';
    const failed = item.result !== 'ok';
    // Nobody said no to a sign-in that was not answered, or went wrong inside TLS: the end tells.
    const origin = failed ? new OneOf('client', 'server') : 'server';
    s.want({ kind: failed ? 'session.failed' : 'session.login', origin, account, from: account });
    if (failed) return;
    s.signedIn.add(account);
    s.fresh.add(account);
  },
  logout: (s, item) => {
    const account = text(item, 'account') ?? '';
    if (!s.signedIn.delete(account)) return;
    s.want({ kind: 'session.logout', origin: 'client', account, from: account });
  },
  // What a client shows later comes from what it did itself.
  roster: (s, item) => {
    const account = text(item, 'account') ?? '';
    if (!s.fresh.delete(account)) return;
    for (const entry of items(item, 'entries')) {
      const [contact, groups] = [text(entry, 'contact'), text(entry, 'group')];
      s.want({ kind: 'contact.list', origin: 'server', account, contact, groups, list: 'roster' });
    }
  },

  'contact-add': expectAdd,
  'contact-request-policy': NOTHING, // the script's own
  'contact-remove': (s, item) => {
    const [account, contact] = pair(item, 'account', 'contact');
    s.change('contact.remove', account, { contact, groups: groupOf(s, account, contact) });
  },
  'contact-move': (s, item) => {
    const [account, contact] = pair(item, 'account', 'contact');
    const [groups, before] = [text(item, 'group'), groupOf(s, account, contact)];
    if (s.version < 15) {
      s.change('contact.add', account, { contact, groups });
      s.change('contact.remove', account, { contact, groups: before });
    } else s.change('contact.add', account, { contact, groups, reason: `moved from ${before}` });
    s.groups.set(`${account} ${contact}`, groups ?? '');
  },
  'group-rename': (s, item) => {
    const account = text(item, 'account') ?? '';
    const [before, groups] = pair(item, 'group', 'new');
    s.change('contact.list', account, { groups, reason: `group renamed from ${before}` });
    for (const [key, group] of s.groups) if (group === before) s.groups.set(key, groups);
  },
  // The server of the YMSG 12 sessions answers with an empty 0x11.
  block: (s, item) => expectIgnore(s, item, 'contact.block'),
  unblock: (s, item) => expectIgnore(s, item, 'contact.unblock'),

  // The relayed "stopped" is on the wire too (frame 109 of ymsg12, 344 of ymsg16), unseen by clients.
  typing: (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    s.legs('typing', from, to, { state: item.state === 'typing' ? 'composing' : 'paused' });
  },
  message: (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    if (item.wire_streams === 0) return;
    s.legs('message', from, to, said(item), item.delivered === true);
    if (item.delivered === true) expectReceipt(s, from, to);
  },
  nudge: (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    s.legs('message', from, to, { form: 'nudge', text: undefined, route: 'direct' });
    expectReceipt(s, from, to);
  },
  'offline-message-delivered': (s, item) => {
    if (item.delivered !== true) return;
    const account = text(item, 'to') ?? '';
    const fields = { from: 'retro_alice', to: account, ...said(item), copy: undefined };
    s.want({ kind: 'message', origin: 'server', account, ...fields });
  },
  presence: (s, item) => {
    const account = text(item, 'account') ?? '';
    const state = STATES[text(item, 'state') ?? ''] ?? text(item, 'state');
    const fields = { kind: 'presence', from: account, status: text(item, 'message') };
    s.want({ ...fields, origin: 'client', account, state });
    const seen = state === 'invisible' ? 'offline' : state;
    s.want({ ...fields, origin: 'server', account: text(item, 'seen_by'), state: seen });
  },
  idle: (s, item) => {
    const account = text(item, 'account') ?? '';
    const state = number(item, 'seconds') === 0 ? 'available' : 'idle';
    s.want({ kind: 'presence', origin: 'client', account, from: account, state });
  },

  'conference-create': (s, item) => expectJoin(s, item),
  'conference-join': (s, item) => expectJoin(s, item),
  'conference-leave': (s, item) => {
    const who = text(item, 'account') ?? '';
    s.members.delete(who);
    s.inRoom('room.leave', who, s.members, {});
  },
  'conference-invite': (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    const fields = { room: text(item, 'room'), text: text(item, 'text'), route: 'room' };
    s.legs('room.invite', from, to, fields);
  },
  // "client policy: deny": the client does not show it, and sends nothing. No packet of service 0x1A is
  // in either capture (between frames 90 and 93 of ymsg12, 292 and 295 of ymsg16).
  'conference-decline': NOTHING,
  'conference-message': (s, item) => {
    const others = Array.isArray(item.delivered_to) ? item.delivered_to.map(String) : [];
    s.inRoom('message', text(item, 'from') ?? '', others, { text: text(item, 'text') });
  },

  'file-offer': (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    s.legs('file.offer', from, to, fileOf(item));
    // YMSG 12: the offer is the upload itself, whole before anybody is asked.
    if (s.version < 15) expectUpload(s, item, from, to);
  },
  'file-accept': (s, item) => {
    if (s.version < 15) return;
    const [by, from] = pair(item, 'by', 'from');
    s.legs('file.accept', by, from, { 'file.name': text(item, 'name') });
  },
  'file-complete': (s, item) => {
    const [from, to] = pair(item, 'from', 'to');
    if (s.version >= 15) expectUpload(s, item, from, to);
    const fields = { origin: 'server', account: to, from, to, 'file.method': 'ymsg-http' };
    const sha256 = text(item, 'sha256');
    s.want({ kind: 'file.start', ...fields, ...fileOf(item) });
    const copy = 'carbon';
    s.want({ kind: 'file.complete', ...fields, ...fileOf(item), 'file.sha256': sha256, copy });
  },
  // YMSG 12 has no word for it, and this client (`sender_saw` null) sends none in YMSG 15: no 0xDC with
  // 222 = 4 is in the capture (between frames 945 and 948).
  'file-decline': NOTHING,
  'file-cancel': expectCancel,
};

function expectAdd(s: Scene, item: Item): void {
  const [account, contact] = pair(item, 'account', 'contact');
  const groups = text(item, 'group');
  s.groups.set(`${account} ${contact}`, groups ?? '');
  s.change('contact.add', account, { contact, groups });
  const [asked] = items(item, 'peer_events');
  s.legs('contact.request', account, contact, {}, asked !== undefined);
  if (asked?.policy === 'deny') {
    s.legs('contact.deny', contact, account, { text: 'No reason given.' });
  } else if (asked !== undefined && s.version >= 15)
    s.legs('contact.approve', contact, account, {});
}

function expectIgnore(s: Scene, item: Item, kind: string): void {
  const [account, contact] = pair(item, 'account', 'contact');
  s.change(kind, account, { contact, list: 'block' }, s.version >= 15);
}

/** Of YMSG 16: the recipient's client acknowledges. */
function expectReceipt(s: Scene, from: string, to: string): void {
  if (s.version < 16) return;
  s.want({ kind: 'message.receipt', origin: 'client', account: to, from: to, to: from });
}

function expectJoin(s: Scene, item: Item): void {
  const who = text(item, 'account') ?? '';
  s.inRoom('room.join', who, s.members, {});
  s.members.add(who);
}

function expectUpload(s: Scene, item: Item, from: string, to: string): void {
  const fields = { origin: 'client', account: from, from, to, 'file.method': 'ymsg-http' };
  const all = { protocol: 'ymsg-http', ...fields, ...fileOf(item), copy: undefined };
  s.want({ kind: 'file.start', ...all });
  s.want({ kind: 'file.complete', ...all, 'file.sha256': text(item, 'sha256') });
}

/**
 * Given up while it was offered: said by its sender; while it passed: by either, and its legs break. Of
 * cancel_rx.iso the sender's leg does not: it sends all 6 000 000 octets (sequence numbers to frame 6011,
 * "sender_saw": "xfer-send-complete"), 1 272 354 of which are not in the capture. The recipient's leg
 * lacks the answer's beginning (before frame 4156).
 */
function expectCancel(s: Scene, item: Item): void {
  if (s.version < 15) return;
  const [from, to] = pair(item, 'from', 'to');
  const by = text(item, 'by') ?? '';
  const name = { 'file.name': text(item, 'name') };
  const passing = item.stage === 'transferring';
  const reason = passing ? 'given up' : undefined;
  s.legs('file.cancel', by, by === from ? to : from, { ...name, reason });
  if (!passing) return;
  s.legs('file.start', from, to, name);
  const file = { ...name, 'file.sha256': undefined };
  if (by === from) s.legs('file.cancel', from, to, { ...file, reason: 'incomplete' });
  else {
    const ends = { from, to, ...file, reason: 'gap' };
    const size = { 'file.size': 6_000_000 };
    s.want({ kind: 'file.complete', origin: 'client', account: from, ...ends, ...size });
    s.want({ kind: 'file.cancel', origin: 'server', account: to, ...ends });
  }
}

function said(item: Item): Fields {
  return { text: text(item, 'text'), form: undefined, route: 'direct' };
}

function fileOf(item: Item): Fields {
  return { 'file.name': text(item, 'name'), 'file.size': number(item, 'size') };
}

function groupOf(s: Scene, account: string, contact: string): string | undefined {
  return s.groups.get(`${account} ${contact}`);
}

function pair(item: Item, first: string, second: string): [string, string] {
  return [text(item, first) ?? '', text(item, second) ?? ''];
}
