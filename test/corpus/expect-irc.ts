/**
 * What the truth of a recorded IRC session says the engine must report. What is reported of which
 * line is described in parsers/irc/README.md; who, to whom, where and what comes from the truth.
 */
import { type Expected, OneOf } from './compare.ts';
import { withoutFormatting } from './irc-text.ts';
import { type Item, number, type RecordedTruth, text } from './truth.ts';

type Fields = Expected['fields'];
type Rule = (scene: Scene, item: Item) => void;

export function expectIrc(truth: RecordedTruth): Expected[] {
  const scene = new Scene(truth);
  for (const item of truth.events) {
    const rule = RULES[text(item, 'event') ?? ''];
    if (rule === undefined)
      throw new Error(`truth item of an unknown kind: ${JSON.stringify(item)}`);
    scene.item = item;
    rule(scene, item);
  }
  for (const flow of truth.flows) expectData(scene, flow);
  return scene.expected;
}

class Scene {
  readonly expected: Expected[] = [];
  item: Item = {};
  /** The nick of the client, once it is granted. */
  nick: string | undefined;
  /** The open batch whose lines are one message, and the one that repeats old ones. */
  multiline: Multiline | undefined;
  history: string | undefined;
  readonly #truth: RecordedTruth;

  constructor(truth: RecordedTruth) {
    this.#truth = truth;
  }

  get events(): readonly Item[] {
    return this.#truth.events;
  }

  get toServer(): boolean {
    return this.item.dir === 'c2s';
  }

  want(kind: string, fields: Fields, optional = false): void {
    const origin = this.toServer ? 'client' : 'server';
    const what = JSON.stringify(this.item).slice(0, 200);
    this.expected.push({ what, fields: { kind, origin, account: this.nick, ...fields }, optional });
  }

  /** Sender and target; a channel is the room, also where only its operators are addressed. */
  get parties(): Fields {
    const from = nickOf(text(this.item, 'from'));
    const to = text(this.item, 'to') ?? '';
    const channel = to.replace(/^[@+%~]+(?=#)/, '');
    const isRoom = channel.startsWith('#');
    return isRoom ? { from, to: undefined, room: channel } : { from, to, room: undefined };
  }

  /** What was asked for and is not a fact yet. */
  asked(kind: string, fields: Fields): void {
    this.want(kind, { from: this.nick, state: 'requested', ...fields });
  }

  /** The server's copy of one's own words (echo-message). */
  get echo(): boolean {
    return !this.toServer && nickOf(text(this.item, 'from')) === this.nick;
  }
}

const NOTHING: Rule = () => undefined;

const RULES: Readonly<Record<string, Rule>> = {
  login: (s, item) => {
    s.nick = text(item, 'nick');
    s.want('session.login', { from: s.nick });
  },
  nick: (s, item) => {
    const name = text(item, 'new');
    const account = new OneOf(s.nick, item.is_self === true ? name : s.nick);
    s.want('presence', { account, from: text(item, 'old'), name, state: 'renamed' });
    if (item.is_self === true) s.nick = name;
  },
  quit: (s, item) => {
    s.want('presence', {
      from: text(item, 'nick'),
      state: 'offline',
      reason: text(item, 'reason'),
    });
  },
  'quit-request': (s, item) => s.want('session.logout', { reason: text(item, 'reason') }),
  presence: (s, item) => {
    const state = item.away === undefined ? 'available' : 'away';
    s.want('presence', { from: text(item, 'nick'), state, status: text(item, 'away') });
  },

  message: expectMessage,
  batch: expectBatch,
  ctcp: expectCtcp,
  'ctcp-reply': expectCtcp,
  tagmsg: (s) => s.want('typing', { ...s.parties, state: 'composing', ...copyOf(s) }),

  'room-join-request': (s, item) => {
    for (const room of listed(item, 'rooms')) s.asked('room.join', { room });
  },
  'room-join': (s, item) => {
    s.want('room.join', { room: text(item, 'room'), from: text(item, 'nick'), state: undefined });
  },
  'room-leave-request': (s, item) => {
    const reason = text(item, 'reason');
    for (const room of listed(item, 'rooms')) s.asked('room.leave', { room, reason });
  },
  'room-leave': (s, item) => {
    const fields = { room: text(item, 'room'), from: text(item, 'nick'), state: undefined };
    s.want('room.leave', { ...fields, reason: text(item, 'reason') });
  },
  'room-topic-request': (s, item) => {
    s.asked('room.topic', { room: text(item, 'room'), text: text(item, 'topic') });
  },
  'room-topic': (s, item) => {
    const fields = { room: text(item, 'room'), from: text(item, 'by'), state: undefined };
    s.want('room.topic', { ...fields, text: text(item, 'topic') });
  },
  'room-kick-request': (s, item) => {
    const fields = { room: text(item, 'room'), to: text(item, 'nick') };
    s.asked('room.kick', { ...fields, reason: text(item, 'reason') });
  },
  'room-kick': (s, item) => {
    const fields = { room: text(item, 'room'), from: text(item, 'by'), to: text(item, 'nick') };
    s.want('room.kick', { ...fields, state: undefined, reason: text(item, 'reason') });
  },
  'room-invite': (s, item) => {
    const fields = { room: text(item, 'room'), from: text(item, 'from'), to: text(item, 'nick') };
    s.want('room.invite', { ...fields, copy: undefined });
  },
  'room-invite-sent': (s, item) => {
    const fields = { room: text(item, 'room'), from: s.nick, to: text(item, 'nick') };
    s.want('room.invite', { ...fields, copy: 'echo' });
  },
  contacts: (s, item) => {
    if (item.command !== 'ISON') return;
    for (const contact of listed(item, 'params')) s.want('contact.list', { contact });
  },

  'file-offer': (s, item) => {
    s.want('file.offer', { ...s.parties, ...nameOf(item), 'file.size': number(item, 'size') });
  },
  'file-accept': (s, item) => {
    s.want('file.accept', { ...s.parties, ...nameOf(item), 'file.size': number(item, 'size') });
  },
  'file-decline': (s, item) => {
    const name = text(item, 'detail')?.replace(/^REJECT \w+ /, '');
    s.want('file.decline', { ...s.parties, 'file.name': name });
  },
  'file-resume': (s, item) => expectResume(s, item, 'resume-requested'),
  'file-resume-accepted': (s, item) => expectResume(s, item, 'resumed'),
  'dcc-chat-offer': (s) => s.want('message', { ...s.parties, form: 'ctcp' }),
  'dcc-chat-message': (s, item) => {
    const offer = s.events.find((e) => e.event === 'dcc-chat-offer') ?? {};
    const [listener, connector] = [nickOf(text(offer, 'from')), text(offer, 'to')];
    const [from, to] = item.by === 'listener' ? [listener, connector] : [connector, listener];
    const origin = originOf(s, from);
    const account = s.nick;
    s.want('message', { from, to, origin, account, text: text(item, 'text') });
  },

  // What is negotiated or asked of the server, and how it answers: no events.
  cap: NOTHING,
  sasl: NOTHING,
  'nick-request': NOTHING,
  'nick-refused': NOTHING,
  'room-names': NOTHING,
  mode: NOTHING,
  'mode-request': NOTHING,
  whois: NOTHING,
  'whois-reply': NOTHING,
  error: NOTHING,
  'error-reply': NOTHING,
};

function expectMessage(s: Scene, item: Item): void {
  if (s.multiline !== undefined && tag(item, 'batch') === s.multiline.reference) {
    s.multiline.add(item);
    return;
  }
  const kind = text(item, 'kind');
  const form = kind === 'notice' || kind === 'action' ? kind : undefined;
  const body = withoutFormatting(text(item, 'text') ?? '');
  s.want('message', { ...s.parties, form, text: body, ...copyOf(s) });
}

/** The lines of a multiline batch are one message (IRCv3 draft/multiline); the truth lists lines. */
function expectBatch(s: Scene, item: Item): void {
  const reference = (text(item, 'ref') ?? '').slice(1);
  if (item.type === 'draft/multiline') s.multiline = new Multiline(reference);
  if (item.type === 'chathistory') s.history = reference;
  if (item.type !== undefined || s.multiline?.reference !== reference) return;
  const { first, joined } = s.multiline;
  s.multiline = undefined;
  s.item = first;
  s.want('message', { ...s.parties, form: undefined, text: joined });
}

class Multiline {
  readonly reference: string;
  first: Item = {};
  joined: string | undefined;

  constructor(reference: string) {
    this.reference = reference;
  }

  add(item: Item): void {
    const line = text(item, 'text') ?? '';
    if (this.joined === undefined) this.first = item;
    const glue = tag(item, 'draft/multiline-concat') === undefined ? '\n' : '';
    this.joined = this.joined === undefined ? line : `${this.joined}${glue}${line}`;
  }
}

function expectCtcp(s: Scene, item: Item): void {
  const params = text(item, 'params');
  const command = text(item, 'command');
  const words = params === undefined ? command : `${command} ${params}`;
  s.want('message', { ...s.parties, form: 'ctcp', text: words, ...copyOf(s) });
}

function expectResume(s: Scene, item: Item, state: string): void {
  const offset = number(item, 'offset');
  s.want('file.accept', { ...s.parties, ...nameOf(item), state, 'file.offset': offset });
}

function nameOf(item: Item): Fields {
  return { 'file.name': text(item, 'name') };
}

/** The words of a field that is a list by commas or spaces. */
function listed(item: Item, field: string): string[] {
  return (text(item, field) ?? '').split(/[ ,]/).filter((word) => word !== '');
}

function tag(item: Item, name: string): string | undefined {
  return text((item.tags ?? {}) as Item, name);
}

function copyOf(s: Scene): Fields {
  if (s.echo) return { copy: 'echo' };
  const old = s.history !== undefined && tag(s.item, 'batch') === s.history;
  return { copy: old ? 'history' : undefined };
}

/** The data flows: from whom to whom is the offer's, size and hash are the content's. */
function expectData(s: Scene, flow: Item): void {
  if (flow.role !== 'dcc-send') return;
  const offer = s.events.find((e) => e.event === 'file-offer' && e.name === flow.name) ?? {};
  const [from, to] = [nickOf(text(offer, 'from')), text(offer, 'to')];
  const file: Fields = { from, to, 'file.name': text(flow, 'name') };
  s.item = flow;
  const origin = originOf(s, from);
  const account = s.nick;
  s.want('file.start', { ...file, origin, account });
  s.want('file.complete', {
    ...file,
    origin,
    account,
    'file.size': number(flow, 'size'),
    'file.sha256': text(flow, 'sha256'),
  });
}

/** As on the IRC connection of the offer, whoever connects: the account's own words are the client's. */
function originOf(s: Scene, from: string | undefined): string {
  return from === s.nick ? 'client' : 'server';
}

function nickOf(prefix: string | undefined): string | undefined {
  return prefix?.split('!')[0];
}
