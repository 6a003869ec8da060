/**
 * What the truth of a recorded AIM or ICQ session says the engine must report. The captures were made on
 * the bridge between all: what one client sends and another receives is there twice.
 *
 * The truth lists what its script did and what the clients showed. Where nothing of it is on the wire
 * (the client was cut off before, or keeps quiet) the truth itself tells, by the rules below.
 */
import type { Expected } from './compare.ts';
import { type Item, items, number, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];
type Rule = (scene: Scene, item: Item) => void;

/** Seconds by which the script's own clock may be ahead of the packet. */
const SLACK = 0.2;

export function expectOscar(truth: RecordedTruth): Expected[] {
  const scene = new Scene(truth);
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
  /** `contact group` of the account's list, as last shown. */
  readonly lists = new Map<string, Set<string>>();
  readonly listsShown = new Set<string>();
  readonly present = new Set<string>();
  /** What an account last was to another. */
  readonly states = new Map<string, string>();
  readonly #flows: readonly Item[];
  readonly #addresses = new Map<string, string>();

  constructor(truth: RecordedTruth) {
    this.#flows = truth.flows.filter(
      (flow) => flow.proto === 'tcp' && /:5190$/.test(text(flow, 'server') ?? ''),
    );
    for (const item of truth.events) {
      if (item.type === 'login') this.#addresses.set(name(item.account), text(item, 'ip') ?? '');
    }
  }

  want(fields: Fields, optional = false): void {
    const what = JSON.stringify(this.item).slice(0, 200);
    this.expected.push({ what, fields, optional });
  }

  /** The account has a connection to the server at the time of the item. */
  isThere(account: string): boolean {
    const at = number(this.item, 't') ?? 0;
    const address = this.#addresses.get(account) ?? '?';
    return this.#flows.some((flow) => {
      const [first = 0, last = 0] = [number(flow, 'first'), number(flow, 'last')];
      const own = text(flow, 'client')?.startsWith(`${address}:`) === true;
      return own && first <= at && at <= last + SLACK;
    });
  }

  /** On the sender's connection, and on the receiver's where it got there. */
  both(from: string, to: string, delivered: boolean, fields: Fields): void {
    if (!this.isThere(from)) return;
    this.want({ ...fields, origin: 'client', account: from, from, to });
    if (delivered) this.want({ ...fields, origin: 'server', account: to, from, to });
  }

  /** A change to the account's list. */
  change(kind: string, fields: Fields): void {
    const account = name(this.item.account);
    if (!this.isThere(account)) return;
    const contact = name(this.item.contact);
    this.want({ kind, origin: 'client', account, from: account, contact, ...fields });
  }

  listOf(account: string): Set<string> {
    const known = this.lists.get(account);
    if (known !== undefined) return known;
    const made = new Set<string>();
    this.lists.set(account, made);
    return made;
  }
}

/** Canonical screen name. */
function name(shown: unknown): string {
  return String(shown).replaceAll(' ', '').toLowerCase();
}

const NOTHING: Rule = () => undefined;

const RULES: Readonly<Record<string, Rule>> = {
  login: (s, item) => {
    const account = name(item.account);
    const failed = item.result === 'failed';
    const reason = failed ? 'incorrect password' : undefined;
    const kind = failed ? 'session.failed' : 'session.login';
    s.want({ kind, origin: 'server', account, from: account, reason });
    // The server sends the list again.
    if (!failed) for (const entry of s.listOf(account)) wantEntry(s, account, entry);
  },
  roster: (s, item) => {
    const account = name(item.account);
    const first = !s.listsShown.has(account);
    s.listsShown.add(account);
    const list = s.listOf(account);
    list.clear();
    for (const entry of items(item, 'entries')) {
      list.add(`${name(entry.contact)} ${text(entry, 'group')}`);
    }
    if (first) for (const entry of list) wantEntry(s, account, entry);
  },
  // A contact that is in this group already is put there by nobody.
  'contact-add': (s, item) => {
    const group = text(item, 'group');
    const entry = `${name(item.contact)} ${group}`;
    const list = s.listOf(name(item.account));
    if (list.has(entry)) return;
    list.add(entry);
    s.change('contact.add', { list: 'roster', groups: group, state: undefined });
  },
  'contact-alias': (s, item) => {
    s.change('contact.add', { list: 'roster', name: text(item, 'alias'), state: 'updated' });
  },
  // Taken out of one group and put into another.
  'contact-move': (s, item) => {
    s.change('contact.remove', { list: 'roster' });
    s.change('contact.add', { list: 'roster', groups: text(item, 'group'), state: undefined });
  },
  'contact-remove': (s) => s.change('contact.remove', { list: 'roster' }),
  block: (s) => s.change('contact.block', { list: 'block' }),
  unblock: (s) => s.change('contact.unblock', { list: 'block' }),

  message: (s, item) => {
    const delivered = item.delivered === true;
    const body = { kind: 'message', route: 'direct', room: undefined, text: text(item, 'text') };
    s.both(name(item.from), name(item.to), delivered, { ...body, form: undefined });
  },
  // A client tells its typing only to who has told it his; and `seen` asks for more than the wire.
  typing: (s, item) => {
    if (item.seen !== true && item.state !== 'typed') return;
    const state = item.state === 'typing' ? 'composing' : 'paused';
    s.both(name(item.from), name(item.to), true, { kind: 'typing', state });
  },
  presence: expectPresence,
  idle: (s, item) => {
    const account = name(item.account);
    const state = (number(item, 'seconds') ?? 0) > 0 ? 'idle' : 'available';
    s.want({ kind: 'presence', origin: 'client', account, from: account, state });
  },

  'room-create': expectJoin,
  'room-join': expectJoin,
  'room-invite': (s, item) => {
    const fields = { kind: 'room.invite', room: text(item, 'room'), text: text(item, 'text') };
    s.both(name(item.from), name(item.to), true, fields);
  },
  'room-message': (s, item) => {
    if (item.wire_streams === 0) return; // the client refused to send it
    const from = name(item.from);
    const body = { kind: 'message', from, room: text(item, 'room'), text: text(item, 'text') };
    const said = { ...body, to: undefined, route: 'room' };
    s.want({ ...said, origin: 'client', account: from, copy: undefined });
    for (const account of s.present) {
      const copy = account === from ? 'echo' : undefined;
      s.want({ ...said, origin: 'server', account, copy });
    }
  },
  'room-leave': (s, item) => {
    const from = name(item.account);
    const fields = { kind: 'room.leave', from, room: text(item, 'room') };
    s.present.delete(from);
    s.want({ ...fields, origin: 'client', account: from });
    for (const account of s.present) s.want({ ...fields, origin: 'server', account });
  },

  'file-offer': (s, item) => s.both(...partiesOf(item), true, fileOf('file.offer', item)),
  'file-accept': (s, item) => {
    const [from, by] = [name(item.from), name(item.by)];
    s.both(by, from, true, fileOf('file.accept', item));
    expectData(s, 'file.start', from, by, item);
  },
  // A client that declines without a word leaves the offer to its time-out.
  'file-decline': (s, item) => {
    if (item.sender_saw === null) return;
    s.both(name(item.by), name(item.from), true, fileOf('file.decline', item));
  },
  'file-cancel': (s, item) => {
    const [from, to] = partiesOf(item);
    const by = name(item.by);
    s.both(by, by === from ? to : from, true, fileOf('file.cancel', item));
    if (item.stage === 'transferring') expectData(s, 'file.cancel', from, to, item);
  },
  'file-complete': (s, item) => {
    const [from, to] = partiesOf(item);
    expectData(s, 'file.complete', from, to, item);
  },

  logout: (s, item) => {
    const account = name(item.account);
    s.want({ kind: 'session.logout', origin: 'client', account, from: account });
  },
  // `text` is null: nothing was delivered. `seen` is false: the offer was not sent.
  'offline-message-delivered': NOTHING,
  'direct-im-offer': NOTHING,
  'info-request': NOTHING,
};

function wantEntry(s: Scene, account: string, entry: string): void {
  const space = entry.indexOf(' ');
  const fields = { contact: entry.slice(0, space), groups: entry.slice(space + 1) };
  s.want({ kind: 'contact.list', origin: 'server', account, list: 'roster', ...fields });
}

const STATES: Readonly<Record<string, string>> = { na: 'xa', occupied: 'busy', free4chat: 'chat' };

function expectPresence(s: Scene, item: Item): void {
  const account = name(item.account);
  const shown = text(item, 'state') ?? '';
  const state = STATES[shown] ?? shown;
  const status = text(item, 'message');
  const own = { kind: 'presence', origin: 'client', account, from: account, state };
  s.want(status === undefined ? own : { ...own, status });
  const seenBy = name(item.seen_by);
  const seen = item.seen as Item;
  const seenState = seen.ev === 'buddy-off' ? 'offline' : state;
  // A presence that is what it was before is not said again.
  const pair = `${account} ${seenBy}`;
  const same = (s.states.get(pair) ?? 'available') === seenState;
  s.states.set(pair, seenState);
  const fields = { kind: 'presence', origin: 'server', account: seenBy, from: account };
  s.want({ ...fields, state: seenState }, same);
}

/** Asked for, granted, and told to all who are there; who comes is told who is there. */
function expectJoin(s: Scene, item: Item): void {
  const from = name(item.account);
  const fields = { kind: 'room.join', room: text(item, 'room') };
  s.want({ ...fields, origin: 'client', account: from, from, state: 'requested' });
  for (const other of s.present) {
    s.want({ ...fields, origin: 'server', account: from, from: other, state: 'present' });
    s.want({ ...fields, origin: 'server', account: other, from, state: undefined });
  }
  s.want({ ...fields, origin: 'server', account: from, from, state: undefined });
  s.present.add(from);
}

function partiesOf(item: Item): [string, string] {
  return [name(item.from), name(item.to)];
}

function fileOf(kind: string, item: Item): Fields {
  const fields: Fields = { kind, protocol: 'oscar', 'file.name': text(item, 'name') };
  const size = number(item, 'size');
  return size === undefined ? fields : { ...fields, 'file.size': size };
}

/** The data connection: as on the connection on which the offer was seen first, the sender's. */
function expectData(s: Scene, kind: string, from: string, to: string, item: Item): void {
  const fields = { kind, protocol: 'oft', from, to, 'file.name': text(item, 'name') };
  const seen = { origin: 'client', account: from };
  const whole = kind === 'file.complete';
  const content = { 'file.size': number(item, 'size'), 'file.sha256': text(item, 'sha256') };
  s.want({ ...fields, ...seen, ...(whole ? content : {}) });
}
