/**
 * The differential test: tshark's dissectors and the engine read the same captures, and must agree
 * on every IRC and XMPP message. Where tshark is no oracle the table says why, and the test holds
 * it to that: the day tshark learns it, the exception fails.
 */
import { readdirSync } from 'node:fs';
import { describe, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { replayFile } from '../corpus/replay.ts';
import { capturePath, corpusPath, hasCorpus } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { ircMessages, type Said, xmppMessages } from './tshark.ts';

/** Servers on ports that tshark does not take for IRC by itself. */
const DECODE_AS: Readonly<Record<string, readonly string[]>> = {
  'handwritten-odd-lines.pcap': ['tcp.port==7000,irc'],
  'irc-ndpi.pcap': ['tcp.port==8000,irc'],
  'irc-cap-req-arkime.pcap': ['tcp.port==80,irc'],
  'sasl-tags-multiline-scripted-server.pcap': ['tcp.port==6665,irc'],
};

/** identify-msg was negotiated. */
const MARKED: ReadonlySet<string> = new Set(['SkypeIRC.pcap']);

/** Where tshark is wrong, what exactly it says otherwise. */
const KNOWN: Readonly<Record<string, { why: string; differences: readonly string[] }>> = {
  'handwritten-odd-lines.pcap': {
    why: 'its IRC dissector does not join a line cut over three segments',
    differences: [
      'only tshark: undefined → #quay: thi',
      'only the engine: Ola_ → #quay: third — cut',
    ],
  },
  'basic-plain-login-roster-chat.pcap': {
    why: 'it does not join a stanza whose segments are cut inside a character',
    differences: ['only the engine: bjørn@harbor.example → anna@harbor.example: éééééééééééééééé…'],
  },
  'basic-scram-mtu576-peer.pcap': {
    why: 'it does not join a stanza whose segments are cut inside a character',
    differences: ['only the engine: bjørn@harbor.example → anna@harbor.example: éééééééééééééééé…'],
  },
  'login-failures.pcap': {
    why: 'the stanza is not well-formed, and the server closed the stream for it',
    differences: ['only tshark: undefined → not closed: bad < markup'],
  },
  'sasl-tags-multiline-scripted-server.pcap': {
    why: 'it does not know draft/multiline batches, which are one message',
    differences: [
      'only tshark: helper → #dock: multi line one',
      'only tshark: helper → #dock:  continued',
      'only tshark: helper → #dock: line two',
      'only the engine: helper → #dock: multi line one continued\nline two',
    ],
  },
};

/** Captures whose messages tshark 4.0 does not see at all. */
const BLIND: Readonly<Record<string, string>> = {
  'xmpp-zlib.pcap': 'its XMPP dissector does not inflate XEP-0138',
  'bosh-xep0124.pcap': 'XMPP inside HTTP',
  'websocket-rfc7395.pcap': 'XMPP inside WebSocket',
};

interface Subject {
  readonly name: string;
  readonly path: string;
  readonly protocol: 'irc' | 'xmpp';
}

const own = readdirSync(capturePath())
  .filter((name) => /\.pcap(ng)?(\.\w+)?$/.test(name))
  .map((name): Subject => {
    const protocol = name.startsWith('xmpp') ? 'xmpp' : 'irc';
    return { name, path: capturePath(name), protocol };
  });

describe.skipIf(needs({ tools: ['tshark'] }).skip)(
  `tshark on the example captures${needs({ tools: ['tshark'] }).why}`,
  () => agree(own),
);

const need = needs({ tools: ['tshark'], corpus: true });
describe.skipIf(need.skip)(`tshark on the shared captures${need.why}`, () => {
  const shared = (['irc', 'xmpp'] as const).flatMap((protocol) =>
    [[protocol], ['recorded', protocol]].flatMap((folder) => subjects(folder, protocol)),
  );
  agree(shared);
});

function subjects(folder: readonly string[], protocol: Subject['protocol']): Subject[] {
  if (!hasCorpus()) return [];
  return readdirSync(corpusPath(...folder))
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => ({ name, path: corpusPath(...folder, name), protocol }));
}

function agree(captures: readonly Subject[]): void {
  const [blind, seen] = [
    captures.filter(({ name }) => name in BLIND),
    captures.filter(({ name }) => !(name in BLIND)),
  ];
  for (const { name, path, protocol } of seen) {
    const known = KNOWN[name];
    test.concurrent(`${protocol} ${name}${known === undefined ? '' : ` (${known.why})`}`, async ({
      expect,
    }) => {
      const said = await tsharkMessages({ name, path, protocol });
      const { events } = await replayFile(path);
      const found = differences(said, events.filter(isMessage(protocol)));
      expect(found).toEqual(known?.differences ?? []);
    });
  }
  for (const subject of blind) {
    const { name, protocol } = subject;
    test.concurrent(`${protocol} ${name}: tshark sees nothing (${BLIND[name]})`, async ({
      expect,
    }) => {
      expect(await tsharkMessages(subject)).toEqual([]);
    });
  }
}

function tsharkMessages({ name, path, protocol }: Subject): Promise<Said[]> {
  const decodeAs = DECODE_AS[name];
  return protocol === 'irc'
    ? ircMessages(path, decodeAs, MARKED.has(name))
    : xmppMessages(path, decodeAs);
}

/** What stands as a message of its own on the wire: no carbon or archive result, no CTCP. */
function isMessage(protocol: string): (event: ImEvent) => boolean {
  return (event) =>
    event.protocol === protocol &&
    (event.kind === 'message' || event.kind === 'message.edit') &&
    event.text !== undefined &&
    event.form !== 'ctcp' &&
    event.copy !== 'carbon' &&
    event.copy !== 'archive';
}

/** One line for each message that only one of the two saw. */
function differences(said: readonly Said[], events: readonly ImEvent[]): string[] {
  const left = [...events];
  const onlyTshark = said.filter((message) => {
    const at = left.findIndex((event) => same(message, event));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [
    ...onlyTshark.map(({ from, to, text }) => `only tshark: ${from} → ${to}: ${shortened(text)}`),
    ...left.map(
      ({ from, to, room, text }) =>
        `only the engine: ${from} → ${room ?? to?.join(',')}: ${shortened(text)}`,
    ),
  ];
}

function shortened(text = ''): string {
  return text.length <= 80 ? text : `${text.slice(0, 16)}…`;
}

/** tshark names no source where none was written, no recipient where the server wrote none. */
function same(message: Said, event: ImEvent): boolean {
  if (event.text !== message.text) return false;
  // A private message of a room: tshark cannot know that its source is one.
  if (event.room !== undefined && event.room === message.from) {
    return event.from === message.resource;
  }
  const unnamed = event.origin === 'client' || event.from === undefined;
  const from = message.from === undefined ? unnamed : event.from === message.from;
  const to = event.room ?? event.to?.join(',') ?? '';
  return from && (message.to === '' || message.to === to);
}
