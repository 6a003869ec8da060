/**
 * File offers, as the server hands them on from OSCAR:
 *
 *   RVOUS_PROPOSE:user:service:cookie:sequence:address:proposer's:verified:port[:tag:value]…
 *   toc_rvous_accept user cookie service; toc_rvous_cancel user cookie service
 *
 * Cookie and values are base64. Tag 10001 is OSCAR's TLV 2711 (u16 subtype · u16 files · u32 octets ·
 * name · NUL), 12 a text. The file comes over OFT, whose parser shares this protocol's memory.
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { i32be, u16be } from '../../src/bytes/read.ts';
import { boundedCopy, utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { FileReference } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { TransferOffer } from '../contract.ts';
import { TocAnomaly } from './anomalies.ts';
import type { Word } from './client-words.ts';
import { wordText } from './messages.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { NAME_LIMIT } from './toc-limits.ts';
import { canonicalName, setText } from './toc-text.ts';

const SEND_FILE = '09461343-4c7f-11d1-8222-444553540000';
const GET_FILE = '09461348-4c7f-11d1-8222-444553540000';
const Tag = { Text: '12', ServiceData: '10001' } as const;
const FIELDS = 4096; // nine fixed ones, and tags with their values: more than a frame of TOC's has
const FILE_HEAD = 8;

export function onPropose(flow: TocFlow, command: ServerCommand): void {
  command.split(FIELDS);
  const service = command.text(2).toLowerCase();
  const token = tokenOf(command.text(3));
  if (command.count < 9 || token === undefined) flow.anomaly(TocAnomaly.Malformed);
  const isFile = service === SEND_FILE;
  if (!isFile && service !== GET_FILE) {
    const unknown = flow.between('app.unknown', command.name(1));
    unknown.reason = `RVOUS_PROPOSE ${service.slice(0, SEND_FILE.length)}`;
    flow.say(unknown);
    return;
  }
  const event = flow.between('file.offer', command.name(1));
  const file: FileReference = { method: 'oft', token };
  const data = tagValue(command, Tag.ServiceData);
  const files = isFile ? readFile(file, data) : undefined;
  if (!isFile) event.state = 'requested';
  else if (files !== undefined && files > 1) event.state = `${files} files`;
  const addresses = [5, 6, 7].map((i) => command.text(i)).filter(isAddress);
  const port = portOf(command.text(8));
  if (addresses[0] !== undefined && port !== undefined) file.endpoint = `${addresses[0]}:${port}`;
  event.file = file;
  const text = tagValue(command, Tag.Text);
  if (text !== undefined) setText(event, utf8OrWindows1252(text, 0, text.length));
  const { action, enforced } = flow.say(event);
  const name = file.name === undefined ? undefined : boundedCopy(file.name, NAME_LIMIT);
  if (token === undefined) return;
  const sender = event.from === undefined ? undefined : boundedCopy(event.from, NAME_LIMIT);
  const refused = enforced && action !== 'pass';
  if (!refused) flow.awaitAnswer(token, { file: { ...file, name }, sender });
  expect(flow, { ...file, name }, sender, isFile, files, addresses, port, refused);
}

/** The account's answer. */
export function onAnswer(flow: TocFlow, words: readonly Word[], kind: EventKind): void {
  const token = tokenOf(wordText(words[2]));
  const event = flow.between(kind, canonicalName(wordText(words[1])));
  const offer = token === undefined ? undefined : flow.takeOffer(token);
  if (token === undefined) flow.anomaly(TocAnomaly.Malformed);
  event.file = { ...offer?.file, method: 'oft', token };
  flow.say(event);
}

/** The cookie of a token, as TOC writes it. */
export function cookieOf(token: string): string | undefined {
  if (!/^(?:[0-9a-f]{2})+$/.test(token)) return undefined;
  const octets = token.match(/../g) ?? [];
  return btoa(String.fromCharCode(...octets.map((octet) => Number.parseInt(octet, 16))));
}

function expect(
  flow: TocFlow,
  file: FileReference,
  proposer: string | undefined,
  sends: boolean,
  files: number | undefined,
  addresses: readonly string[],
  port: number | undefined,
  refused: boolean,
): void {
  const { token, name, size } = file;
  const offer: TransferOffer = {
    service: 'aim',
    account: flow.account,
    sender: sends ? proposer : flow.account,
    recipient: sends ? flow.account : proposer,
    senderListens: sends,
    room: undefined,
    name,
    size,
    offset: 0,
    mime: undefined,
    token,
    method: 'oft',
    origin: sends ? 'server' : 'client',
  };
  // The same record as OSCAR's, under the same key.
  flow.context.memory.set(`transfer ${token}`, {
    cookie: token,
    offer,
    files,
    done: false,
    ...(refused ? { refused } : {}),
  });
  const connection = { protocol: 'oft', service: 'aim', offer } as const;
  // As OSCAR's: the data connection tells the cookie, wherever it goes.
  if (refused) flow.sink.expect({ ...connection, token: `rendezvous ${token}` }, refused);
  if (port === undefined) return;
  for (const address of new Set(addresses)) {
    flow.sink.expect({ ...connection, address, port }, refused);
  }
}

/** Name and size into the file; answers how many there are. */
function readFile(file: FileReference, data: Uint8Array | undefined): number | undefined {
  if (data === undefined || data.length < FILE_HEAD) return undefined;
  const nul = data.indexOf(0, FILE_HEAD);
  const name = utf8OrWindows1252(data, FILE_HEAD, nul === -1 ? data.length : nul);
  if (name !== '') file.name = name;
  file.size = i32be(data, 4) >>> 0;
  return u16be(data, 2);
}

function tagValue(command: ServerCommand, tag: string): Uint8Array | undefined {
  for (let i = 9; i + 1 < command.count; i += 2) {
    const octets = command.text(i) === tag ? command.octets(i + 1) : undefined;
    if (octets !== undefined) return decodeBase64(octets, 0, octets.length);
  }
  return undefined;
}

/** Eight octets in base64, as lower-case hex. */
function tokenOf(cookie: string): string | undefined {
  const octets = Uint8Array.from(cookie.slice(0, 32), (c) => c.charCodeAt(0));
  const decoded = decodeBase64(octets, 0, octets.length);
  if (decoded === undefined || decoded.length !== 8) return undefined;
  return Array.from(decoded, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function isAddress(text: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && text !== '0.0.0.0';
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65536 ? port : undefined;
}
