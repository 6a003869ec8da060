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

  /** Sender and target; a channel is the room. */
  get parties(): Fields {
    const from = nickOf(text(this.item, 'from'));
    const to = text(this.item, 'to') ?? '';
    const channel = to.replace(/^[@+%~]+(?=#)/, '');
    return channel.startsWith('#') ? { from, to, room: channel } : { from, to, room: undefined };
  }

  /** The server's copy of one's own words (echo-message). */
  get echo(): boolean {
    return !this.toServer && nickOf(text(this.item, 'from')) === this.nick;
  }
}

const NOTHING: Rule = () => undefined;

const RULES: Readonly<Record<string, Rule>> = {
  cap: NOTHING,
  sasl: NOTHING,
  batch: NOTHING,
  login: (s, item) => {
    s.nick = text(item, 'nick');
    s.want('session.login', { origin: new OneOf('client', 'server'), account: s.nick });
  },
  'nick-request': NOTHING,
  'nick-refused': NOTHING,
  nick: (s, item) => {
    const renamed: Fields = { from: text(item, 'old'), state: 'renamed' };
    if (item.is_self === true) {
      const account = new OneOf(s.nick, text(item, 'new'));
      s.nick = text(item, 'new');
      s.want('presence', { ...renamed, account });
    } else s.want('presence', renamed);
  },
  message: expectMessage,
  ctcp: (s, item) =>
    s.want('message', { ...s.parties, form: 'ctcp', text: ctcpText(item), ...copyOf(s) }),
  'ctcp-reply': (s, item) =>
    s.want('message', { ...s.parties, form: 'ctcp', text: ctcpText(item), ...copyOf(s) }),
  tagmsg: (s) => s.want('typing', { ...s.parties, ...copyOf(s) }),
  'room-join-request': NOTHING,
  'room-join': (s, item) =>
    s.want('room.join', { room: text(item, 'room'), from: text(item, 'nick') }),
  'room-names': NOTHING,
  'room-topic-request': (s, item) =>
    s.want('room.topic', { room: text(item, 'room'), from: s.nick, text: text(item, 'topic') }),
  'room-topic': (s, item) =>
    s.want('room.topic', {
      room: text(item, 'room'),
      from: text(item, 'by'),
      text: text(item, 'topic'),
    }),
  'room-leave-request': NOTHING,
  'room-leave': (s, item) =>
    s.want('room.leave', {
      room: text(item, 'room'),
      from: text(item, 'nick'),
      reason: text(item, 'reason'),
    }),
  'room-kick-request': (s, item) =>
    s.want('room.kick', {
      room: text(item, 'room'),
      contact: text(item, 'nick'),
      from: s.nick,
      reason: text(item, 'reason'),
    }),
  'room-kick': (s, item) =>
    s.want('room.kick', {
      room: text(item, 'room'),
      contact: text(item, 'nick'),
      from: text(item, 'by'),
      reason: text(item, 'reason'),
    }),
  'room-invite': (s, item) =>
    s.want('room.invite', {
      room: text(item, 'room'),
      from: text(item, 'from'),
      to: text(item, 'nick'),
    }),
  'room-invite-sent': NOTHING,
  quit: (s, item) => s.want('presence', { from: text(item, 'nick'), reason: text(item, 'reason') }),
  'quit-request': (s, item) => s.want('session.logout', { reason: text(item, 'reason') }),
  presence: (s, item) =>
    s.want('presence', { from: text(item, 'nick'), status: text(item, 'away') }),
  mode: NOTHING,
  'mode-request': NOTHING,
  whois: NOTHING,
  'whois-reply': NOTHING,
  contacts: NOTHING,
  error: NOTHING,
  'error-reply': NOTHING,
  'file-offer': (s, item) =>
    s.want('file.offer', {
      ...s.parties,
      'file.name': text(item, 'name'),
      'file.size': number(item, 'size'),
    }),
  'file-accept': (s, item) =>
    s.want('file.accept', { ...s.parties, 'file.name': text(item, 'name') }),
  'file-decline': (s, item) => {
    const name = text(item, 'detail')?.replace(/^REJECT \w+ /, '');
    s.want('file.decline', { ...s.parties, 'file.name': name });
  },
  'file-resume': (s, item) =>
    s.want('file.accept', {
      ...s.parties,
      'file.name': text(item, 'name'),
      'file.offset': number(item, 'offset'),
    }),
  'file-resume-accepted': (s, item) =>
    s.want('file.accept', {
      ...s.parties,
      'file.name': text(item, 'name'),
      'file.offset': number(item, 'offset'),
    }),
  'dcc-chat-offer': NOTHING,
  'dcc-chat-message': (s, item) => {
    const offer = s.events.find((e) => e.event === 'dcc-chat-offer') ?? {};
    const [listener, connector] = [nickOf(text(offer, 'from')), text(offer, 'to')];
    const [from, to] = item.by === 'listener' ? [listener, connector] : [connector, listener];
    // The client of the flow is who connects.
    const origin = item.by === 'listener' ? 'server' : 'client';
    s.want('message', {
      from,
      to,
      origin,
      text: text(item, 'text'),
      account: new OneOf(connector, s.nick),
    });
  },
};

function expectMessage(s: Scene, item: Item): void {
  const kind = text(item, 'kind');
  const form = kind === 'notice' || kind === 'action' ? kind : undefined;
  s.want('message', {
    ...s.parties,
    form,
    text: withoutFormatting(text(item, 'text') ?? ''),
    ...copyOf(s),
  });
}

function copyOf(s: Scene): Fields {
  return { copy: s.echo ? 'echo' : undefined };
}

function ctcpText(item: Item): string | undefined {
  const params = text(item, 'params');
  return params === undefined ? text(item, 'command') : `${text(item, 'command')} ${params}`;
}

/** The data flows: from whom to whom is the offer's, size and hash are the content's. */
function expectData(s: Scene, flow: Item): void {
  if (flow.role !== 'dcc-send') return;
  const offer = s.events.find((e) => e.event === 'file-offer' && e.name === flow.name) ?? {};
  const [from, to] = [nickOf(text(offer, 'from')), text(offer, 'to')];
  const file: Fields = { from, to, 'file.name': text(flow, 'name') };
  s.item = flow;
  // The one who connects is the client of the flow; the octets say who sends.
  const origin = flow.data_direction === 'src->dst' ? 'client' : 'server';
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

function nickOf(prefix: string | undefined): string | undefined {
  return prefix?.split('!')[0];
}
