/**
 * Lines of events as a company of 2 000 accounts makes them in a month, always the same ones: mostly messages,
 * some seen on both legs, beside presence, typing, files and connections. Words are made up and distributed
 * as words of a language are (Zipf), so that the search index has rare and common terms.
 */
import { encodeEvent } from '../src/event/encode.ts';
import { type FlowReference, ImEvent, type VerdictRecord } from '../src/event/event.ts';
import type { EventKind } from '../src/event/kinds.ts';

const ACCOUNTS = 2000;
const CONTACTS = 12;
const ROOMS = 300;
/** Pairs that talk at the same time, and the most that one says before it falls silent. */
const DIALOGUES = 150;
const LONGEST_DIALOGUE = 40;
const VOCABULARY = 30_000;
const START = Date.UTC(2026, 9, 1) * 1000;
/** Microseconds between two events, in the mean: a million in a month. */
const STEP = (30 * 86_400e6) / 1e6;

const SERVICES = [
  { service: 'xmpp', protocol: 'xmpp', domain: '@example.com', port: 5222 },
  { service: 'msn', protocol: 'msnp', domain: '@example.net', port: 1863 },
  { service: 'yahoo', protocol: 'ymsg', domain: '', port: 5050 },
  { service: 'aim', protocol: 'oscar', domain: '', port: 5190 },
  { service: 'irc', protocol: 'irc', domain: '', port: 6667 },
] as const;

/** In thousandths. */
const KINDS: readonly (readonly [EventKind, number])[] = [
  ['message', 640],
  ['presence', 130],
  ['typing', 90],
  ['message.receipt', 40],
  ['contact.list', 30],
  ['room.join', 15],
  ['file.offer', 10],
  ['file.complete', 8],
  ['session.login', 12],
  ['flow.identified', 12],
  ['flow.end', 13],
];

const RULESET = `sha256:${'5a'.repeat(32)}`;
const VERDICTS: readonly VerdictRecord[] = [
  { action: 'pass', enforced: true, ruleset: RULESET },
  {
    ...{ action: 'pass', enforced: true, rule: 'conduct', ruleset: RULESET },
    ...{ matched: ['text has one of: words'], tags: ['conduct'], alert: 'low' },
  },
  {
    ...{ action: 'drop', enforced: true, rule: 'files-from-trusted-only', ruleset: RULESET },
    ...{ matched: ['peer not in trusted-partners'], tags: ['dlp', 'files'] },
  },
];

/** Vocabulary in order of frequency. */
export const WORDS: readonly string[] = vocabulary();

/** `count` lines in batches of `batch`, in order of time. */
export function* eventLines(count: number, batch: number): Generator<string[]> {
  const company = new Company();
  for (let made = 0; made < count; ) {
    const lines: string[] = [];
    while (lines.length < batch && made < count) {
      for (const event of company.next()) {
        if (made === count) break;
        lines.push(encodeEvent(event));
        made += 1;
      }
    }
    yield lines;
  }
}

interface Dialogue {
  n: number;
  other: number;
  left: number;
}

class Company {
  readonly #random = seeded(20261126);
  readonly #flows = Array.from({ length: ACCOUNTS }, (_, n) => flowOf(n));
  readonly #dialogues = Array.from({ length: DIALOGUES }, () => ({ n: 0, other: 0, left: 0 }));
  #time = START;
  #id = 0;

  /** One event, or the two legs of a message. */
  next(): ImEvent[] {
    this.#time += Math.floor(STEP * 2 * this.#random());
    const kind = this.#kind();
    if (kind === 'message' || kind === 'typing' || kind === 'message.receipt') {
      const { n, other } = this.#dialogue();
      return this.#said(this.#event(kind, n), n, other);
    }
    const n = this.#person();
    const event = this.#event(kind, n);
    this.#fill(event, n, this.#contact(n));
    return [event];
  }

  /** Who speaks next: one of those who are talking, either of the two. */
  #dialogue(): Dialogue {
    const dialogue = this.#dialogues[Math.floor(DIALOGUES * this.#random())] as Dialogue;
    dialogue.left -= 1;
    if (dialogue.left > 0) return dialogue;
    dialogue.n = this.#person();
    dialogue.other = this.#contact(dialogue.n);
    dialogue.left = Math.ceil(LONGEST_DIALOGUE * this.#random() ** 2);
    return dialogue;
  }

  /** Some talk much, most little. */
  #person(): number {
    return Math.floor(ACCOUNTS * this.#random() ** 2);
  }

  #said(sent: ImEvent, n: number, other: number): ImEvent[] {
    const inRoom = sent.kind === 'message' && this.#random() < 0.25;
    if (inRoom) sent.room = `#room-${n % ROOMS}`;
    else sent.to = [accountOf(other, n)];
    sent.from = sent.account;
    sent.route = inRoom ? 'room' : 'direct';
    if (sent.kind !== 'message') return [sent];
    sent.text = this.#text();
    const fate = this.#random();
    sent.verdict = VERDICTS[fate > 0.02 ? 0 : fate > 0.003 ? 1 : 2];
    if (inRoom || this.#random() > 0.3) return [sent];
    // The recipient sits behind the same wire.
    const received = this.#event('message', other, serviceOf(n));
    received.origin = 'server';
    received.account = accountOf(other, n);
    received.from = sent.from;
    received.to = sent.to;
    received.text = sent.text;
    received.route = 'direct';
    received.verdict = VERDICTS[0];
    received.time = sent.time + 800;
    return [sent, received];
  }

  #fill(event: ImEvent, n: number, other: number): void {
    const { kind } = event;
    if (kind === 'presence') {
      event.from = event.account;
      event.state = 'away';
      if (this.#random() < 0.2) event.status = this.#text();
    } else if (kind === 'contact.list') {
      event.contact = accountOf(other, n);
      event.list = 'roster';
    } else if (kind === 'room.join') {
      event.room = `#room-${n % ROOMS}`;
      event.from = event.account;
    } else if (kind.startsWith('file.')) {
      event.from = event.account;
      event.to = [accountOf(other, n)];
      event.file = {
        name: `${this.#word()}-${this.#word()}.pdf`,
        size: Math.floor(1e6 * this.#random()),
        method: 'p2p',
        token: `t${this.#id - (this.#id % 7)}`,
      };
      event.verdict = VERDICTS[this.#random() < 0.1 ? 2 : 0];
    } else if (kind === 'flow.end') {
      event.totals = {
        ...{ packetsToServer: 312, packetsToClient: 298, octetsToServer: 20_113 },
        ...{ octetsToClient: 44_302, duration: 1822.5, events: 44, gaps: 0, gapOctets: 0 },
        ...{ anomalies: 0, midstream: false },
      };
    }
  }

  #event(kind: EventKind, n: number, service = serviceOf(n)): ImEvent {
    const event = new ImEvent(kind);
    this.#id += 1;
    event.time = this.#time;
    event.id = idOf(this.#time, this.#id);
    event.service = service.service;
    event.protocol = service.protocol;
    event.flow = this.#flows[n];
    event.origin = 'client';
    event.account = accountOf(n, n);
    return event;
  }

  #kind(): EventKind {
    let left = this.#random() * 1000;
    for (const [kind, share] of KINDS) {
      left -= share;
      if (left < 0) return kind;
    }
    return 'message';
  }

  #contact(n: number): number {
    return (n * 7 + 1 + Math.floor(CONTACTS * this.#random())) % ACCOUNTS;
  }

  #text(): string {
    const words: string[] = [];
    const length = 2 + Math.floor(22 * this.#random() ** 2);
    for (let i = 0; i < length; i++) words.push(this.#word());
    return `${words.join(' ')}${length > 8 ? '.' : ''}`;
  }

  #word(): string {
    // The n-th word is about 1/n as frequent as the first one.
    return WORDS[Math.floor(VOCABULARY ** this.#random()) - 1] ?? 'the';
  }
}

function serviceOf(n: number) {
  return SERVICES[n % SERVICES.length] ?? SERVICES[0];
}

/** Account of person `n` in the service of person `of`. */
function accountOf(n: number, of: number): string {
  return `person${n}${serviceOf(of).domain}`;
}

function flowOf(n: number): FlowReference {
  const { port } = serviceOf(n);
  return {
    id: `0192f0c4-77${(n % 256).toString(16).padStart(2, '0')}-7abc-9def-${String(n).padStart(12, '0')}`,
    transport: 'tcp',
    client: `10.0.${n >> 8}.${n & 255}:${40_000 + n}`,
    server: `192.0.2.${1 + (n % 5)}:${port}`,
  };
}

function idOf(time: number, n: number): string {
  const stamp = Math.floor(time / 1000)
    .toString(16)
    .padStart(12, '0');
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

function vocabulary(): string[] {
  const random = seeded(7);
  const syllables =
    'ba be bi bo da de do fa fe ga go ka ki ko la le lo ma mi mo na ne no pa pe ra re ri sa se so ta te ti to va ve za'.split(
      ' ',
    );
  const words = new Set<string>();
  while (words.size < VOCABULARY) {
    const length = 1 + Math.floor(3.4 * random() + words.size / VOCABULARY);
    let word = '';
    for (let i = 0; i < length; i++) word += syllables[Math.floor(syllables.length * random())];
    words.add(word);
  }
  return [...words];
}

/** Mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
