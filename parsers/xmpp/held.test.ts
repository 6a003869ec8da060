/** What a parser holds in a hostile state is no more than it tells: the engine's cap relies on it. */
import { deflate } from 'pako';
import { expect, test } from 'vitest';
import { memoryInUse } from '../../test/support/heap.ts';
import { Direction, type ParserSink } from '../contract.ts';
import { BoundedMap } from './bounded-map.ts';
import { XmppParser } from './parser.ts';
import { flowContext, LOGIN, OPEN, utf8 } from './xmpp.fixture.ts';

const NOISE = 1 << 20; // octets that the process itself comes and goes by meanwhile
const MOST = 4 << 20; // octets that any of these states may come to
const quiet: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};
const many = (n: number, one: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => one(i)).join('');

function fed(turns: readonly (string | Uint8Array)[]): XmppParser {
  const parser = new XmppParser(flowContext({ follow: () => undefined }));
  const push = (direction: Direction, octets: Uint8Array) => {
    for (let at = 0; at < octets.length; at += 1460)
      parser.push(direction, octets.slice(at, at + 1460), quiet);
  };
  for (const turn of turns) {
    if (typeof turn !== 'string') push(Direction.ToClient, turn);
    else push(turn.startsWith('C') ? Direction.ToServer : Direction.ToClient, utf8(turn.slice(3)));
  }
  return parser;
}

const LONG = 'x'.repeat(8000);
const MUC = "xmlns='http://jabber.org/protocol/muc#user'";
const FILE = "xmlns='http://jabber.org/protocol/si/profile/file-transfer'";
const IQ = "S: <iq type='set' from='b@e/h'";
const COMPRESS = "xmlns='http://jabber.org/protocol/compress'";
const joined = (room: string) =>
  `C: <presence to='${room}/me'><x xmlns='http://jabber.org/protocol/muc'/></presence>`;

test.each<[string, number, (k: number) => readonly (string | Uint8Array)[]]>([
  ['nothing yet', 1000, () => []],
  ['an open stanza', 300, () => ['S: <message><body>x', 'C: <iq']],
  ['an open stanza of tiny elements', 30, () => [`S: <message>${'<a/>'.repeat(25_000)}`]],
  [
    'a stanza of long names, read',
    30,
    (k) => [`S: <message><a ${many(60, (i) => `${'n'.repeat(1000)}${i}x${k}='' `)}/></message>`],
  ],
  [
    'a stanza of long namespaces, read',
    20,
    (k) => [
      `S: <message>${many(30, (i) => `<a xmlns='${LONG}${k}x${i}'>`)}${'</a>'.repeat(30)}</message>`,
    ],
  ],
  [
    'a root of long namespaces',
    30,
    (k) => [
      `S: ${OPEN[1]?.slice(3, -1)} ${many(60, (i) => `xmlns:q${i}='${'u'.repeat(900)}${k}x${i}' `)}>`,
    ],
  ],
  [
    'requests with long identifiers',
    10,
    (k) =>
      many(
        100,
        (i) =>
          `|C: <iq type='get' id='${k}x${i}${LONG}' to='b@c'><request xmlns='urn:xmpp:http:upload:0' filename='f'/></iq>`,
      ).split('|'),
  ],
  [
    'occupants with long nicks',
    5,
    (k) => [
      joined('r@s'),
      `S: ${many(800, (i) => `<presence from='r@s/${'中'.repeat(700)}${k}x${i}'><x ${MUC}/></presence>`)}`,
    ],
  ],
  [
    'topics of many rooms',
    10,
    (k) =>
      many(
        100,
        (i) =>
          `|C: <message type='groupchat' to='r${k}x${i}@s'><subject>${LONG}</subject></message>`,
      ).split('|'),
  ],
  [
    'offers of long names',
    10,
    (k) => [
      `${IQ}/>${many(64, (i) => `<iq type='set' id='${k}x${i}' from='b@e/h'><si xmlns='http://jabber.org/protocol/si' id='${k}x${i}'><file ${FILE} name='${LONG}${k}x${i}'/></si></iq>`)}`,
    ],
  ],
  [
    'negotiations of many files with long names',
    5,
    (k) =>
      many(
        32,
        (j) =>
          `|${IQ} id='${j}'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='${k}x${j}'>${many(16, (i) => `<content name='c${i}'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>${LONG}${k}x${j}x${i}</name></file></description></content>`)}</jingle></iq>`,
      ).split('|'),
  ],
  [
    'streams compressed both ways',
    30,
    () => [
      `C: <compress ${COMPRESS}><method>zlib</method></compress>`,
      `S: <compressed ${COMPRESS}/>`,
      deflate(utf8(`${OPEN[1]?.slice(3)}${many(3000, (i) => `<a x='${(i * 7919) % 1000}'/>`)}`)),
    ],
  ],
])('%s', async (_, count, turns) => {
  const make = (k: number) => fed([...LOGIN, ...turns(k)].filter((turn) => turn !== ''));
  const kept = [make(-1)];
  const before = await memoryInUse();
  for (let k = 0; k < count; k++) kept.push(make(k));
  const real = ((await memoryInUse()) - before) / count;
  const held = Math.max(...kept.map((parser) => parser.held()));
  expect(real * count).toBeLessThanOrEqual(1.25 * held * count + NOISE);
  expect(held).toBeLessThan(MOST);
});

test('a map forgets the oldest by number and by octets, and tells what it holds', () => {
  const map = new BoundedMap<string>(3, 1000, (value) => value.length);
  for (const key of ['a', 'b', 'c', 'd']) map.set(key, key);
  expect([map.size, map.has('a'), map.get('d')]).toEqual([3, false, 'd']);
  map.set('e', 'x'.repeat(800));
  expect([map.size, map.has('c'), map.has('d')]).toEqual([2, false, true]);
  const two = map.held;
  map.set('f', 'x'.repeat(2000));
  expect([map.size, map.has('f')]).toEqual([1, true]);
  expect(map.held).toBeGreaterThan(2000);
  expect(two).toBeLessThanOrEqual(1000);
  expect(map.take('f')).toHaveLength(2000);
  expect([map.held, map.take('f')]).toEqual([0, undefined]);
});
