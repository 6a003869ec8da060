/**
 * Contact lists kept by the server, and the public directory (dossier §5).
 *
 *   0x16, 0x10   u8 kind, text (windows-1250): a contact a line, fields between semicolons
 *   0x2f, 0x30   u8 kind, the same compressed (zlib)
 *   0x40, 0x41   u8 kind, u32 version, u8 format, u8, compressed: 1 lines, 2 XML
 *   0x14         u8 kind (1 write, 2 read, 3 search), u32 seq, then field NUL value NUL …
 * Line: first name; last name; nick; name shown; telephone; group; UIN; mail; …
 */
import { Inflated, InflateStream } from '../../src/bytes/inflate.ts';
import { ownCopy } from '../../src/bytes/text.ts';
import { undoReferences } from '../framing/html-text.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { LINE_LIMIT, LIST_FLOOR, LIST_LIMIT, LIST_RATIO } from './gg-limits.ts';
import { cp1250, eitherText, some } from './text.ts';

const INFLATION = { ratio: LIST_RATIO, floor: LIST_FLOOR };
/** Kinds of 0x16 and 0x10: a list begins; its last part. The parts between them have others. */
const PUT = 0;
const GET_REPLY = 6;
/** A line with a UIN: six semicolons and a digit. */
const SHORTEST_LINE = 7;
const FIELDS = 7;
const DIRECTORY_WRITE = 1;
const NAMES: readonly string[] = ['firstname', 'lastname', 'nickname'];

export function onUserList(flow: GgFlow): void {
  const { buffer, body, end, toServer } = flow;
  const kind = buffer[body];
  if (toServer && kind === PUT) endList(flow);
  readLines(flow, cp1250(buffer, body + 1, end) ?? '');
  if (!toServer && kind === GET_REPLY) endList(flow);
}

/** Nothing more comes of the list: its last line needs no line end. */
export function endList(flow: GgFlow): void {
  const line = flow.listTails[flow.direction];
  flow.listTails[flow.direction] = '';
  if (line !== '') sayLine(flow, line);
}

export function onUserList80(flow: GgFlow): void {
  if (flow.size < 2) return;
  flow.listTails[flow.direction] = '';
  readAll(flow, inflated(flow, flow.body + 1));
}

export function onUserList100(flow: GgFlow): void {
  if (flow.size <= 7) return;
  flow.listTails[flow.direction] = '';
  readAll(flow, inflated(flow, flow.body + 7));
}

function readAll(flow: GgFlow, list: Uint8Array | undefined): void {
  if (list === undefined) return;
  const text = eitherText(list, 0, list.length) ?? '';
  if (text.trimStart().startsWith('<')) readXml(flow, text);
  else {
    readLines(flow, text);
    endList(flow);
  }
}

/** Undefined, and named, where it is no zlib stream or too large. */
function inflated(flow: GgFlow, start: number): Uint8Array | undefined {
  const stream = new InflateStream(INFLATION, flow.inflated);
  const out = new OctetHold();
  let full = false;
  const ending = stream.push(flow.buffer.subarray(start, flow.end), (octets) => {
    const there = Math.min(octets.length, LIST_LIMIT - out.used);
    out.append(octets, 0, there);
    full ||= there < octets.length;
  });
  if (full || ending === Inflated.Broken || ending === Inflated.Bomb) flow.anomaly(Anomaly.BadList);
  return out.used === 0 ? undefined : out.buffer.subarray(0, out.used);
}

/** A line may go on in the next packet. */
function readLines(flow: GgFlow, text: string): void {
  const all = flow.listTails[flow.direction] + text;
  const tail = all.slice(all.lastIndexOf('\n') + 1);
  flow.listTails[flow.direction] = ownCopy(tail.slice(-LINE_LIMIT));
  let at = 0;
  for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', at)) {
    if (end - at >= SHORTEST_LINE && !sayLine(flow, all.slice(at, end))) return;
    at = end + 1;
  }
}

function sayLine(flow: GgFlow, line: string): boolean {
  const fields = line.replaceAll('\0', '').trim().split(';', FIELDS);
  const [first = '', last = '', nick = '', shown = '', , group = '', uin = ''] = fields;
  const name = some(shown) ?? some(nick) ?? some(`${first} ${last}`.trim());
  return sayEntry(flow, uin, name, some(group));
}

/** `<Contact> … <GGNumber>1</GGNumber> … <ShowName>x</ShowName> … </Contact>`. */
function readXml(flow: GgFlow, xml: string): void {
  let at = xml.indexOf('<Contact>');
  while (at !== -1) {
    const end = xml.indexOf('</Contact>', at);
    if (end === -1) return;
    const contact = xml.slice(at, end);
    const uin = elementText(contact, 'GGNumber') ?? '';
    const name = elementText(contact, 'ShowName') ?? elementText(contact, 'NickName');
    if (!sayEntry(flow, uin, name, undefined)) return;
    at = xml.indexOf('<Contact>', end);
  }
}

function elementText(xml: string, name: string): string | undefined {
  const open = `<${name}>`;
  const start = xml.indexOf(open);
  if (start === -1) return undefined;
  const end = xml.indexOf(`</${name}>`, start);
  return end === -1 ? undefined : some(undoReferences(xml.slice(start + open.length, end)));
}

function sayEntry(
  flow: GgFlow,
  uin: string,
  name: string | undefined,
  group: string | undefined,
): boolean {
  if (!/^[1-9][0-9]{0,9}$/.test(uin)) return true;
  if (!flow.another()) return false;
  const event = flow.newEvent('contact.list');
  event.from = flow.account;
  event.contact = uin;
  event.list = 'roster';
  event.name = name;
  const groups = group?.split(',').filter((part) => part !== '') ?? [];
  if (groups.length > 0) event.groups = groups;
  flow.say(event);
  return true;
}

/** What somebody writes about himself for everybody to find. */
export function onPublicDirectory(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < 5 || buffer[body] !== DIRECTORY_WRITE) return;
  const parts = (eitherText(buffer, body + 5, end) ?? '').split('\0');
  const found = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2)
    found.set((parts[i] ?? '').toLowerCase(), parts[i + 1] ?? '');
  const event = flow.newEvent('presence');
  event.from = flow.account;
  event.state = 'profile';
  event.name = some(
    NAMES.map((field) => found.get(field) ?? '')
      .filter((part) => part !== '')
      .join(' '),
  );
  event.status = some([...found.values()].filter((part) => part !== '').join(' '));
  flow.say(event);
}
