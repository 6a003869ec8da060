/**
 * ICQ's own messages inside rendezvous proposals (capability 0946 1349), TLV 2711, little-endian:
 *
 *   u16 27 · 27 octets · u16 14 · 14 octets · u8 type · u8 flags · u16 status · u16 priority ·
 *   u16 length · text NUL
 *   plain text   u32 colour · u32 background · u32 length · GUID of the format (UTF-8, RTF)
 *   plugin       u16 length · 16 GUID · u16 function · u32 length · name · …; then u32 length ·
 *                u32 length · text · (files: u32 port · u16 length · name NUL · u32 size · u32 port)
 *
 * The answer to a message, with the away text in it, comes as 04/0B and has the same form.
 */
import { i32le } from '../../src/bytes/read.ts';
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { Cursor } from './cursor.ts';
import { IcqType, sayIcqMessage } from './icq-message.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import type { RendezvousPart } from './rendezvous-host.ts';
import { rtfText } from './rtf-text.ts';
import { isMarkup, sayText } from './say-text.ts';
import { endBeforeNul, withoutNul } from './text-decoding.ts';
import { TlvWalk } from './tlv.ts';

/** 09461349-4C7F-11D1-8222-444553540000 */
export const RELAY = [
  0x09, 0x46, 0x13, 0x49, 0x4c, 0x7f, 0x11, 0xd1, 0x82, 0x22, 0x44, 0x45, 0x53, 0x54, 0, 0,
] as const;

const PROPOSE = 0;
const BLOCK_HEAD = 26;
const DATA = 0x2711;
/** F02D12D9-3091-D311-8DD7-00104B06462E: the plugin that offers files, in whatever language it is named. */
const FILE_PLUGIN = [
  0xf0, 0x2d, 0x12, 0xd9, 0x30, 0x91, 0xd3, 0x11, 0x8d, 0xd7, 0x00, 0x10, 0x4b, 0x06, 0x46, 0x2e,
] as const;
const RTF = '{97B12751-243C-4334-AD22-D6ABF73F1492}';

interface Parties {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly cookie: string;
}

const blocks = new TlvWalk();
const data = new Cursor();

export function onRelay(flow: OscarFlow, part: RendezvousPart): void {
  const { buffer, start, end, sender, recipient, cookie } = part;
  const proposes = (buffer[start + 1] ?? 0) === PROPOSE;
  blocks.over(buffer, start + BLOCK_HEAD, end);
  const found = blocks.find(DATA);
  if (blocks.broken) flow.anomaly(Anomaly.BadTlv);
  data.over(buffer, blocks.start, blocks.end);
  blocks.clear();
  if (found) readRelayed(flow, data, { from: sender, to: recipient, cookie }, false);
  else if (proposes) flow.anomaly(Anomaly.NoText);
  data.clear();
}

/** `answer`: of a 04/0B, whose text is that of who is away. */
export function readRelayed(
  flow: OscarFlow,
  cursor: Cursor,
  { from, to, cookie }: Parties,
  answer: boolean,
): void {
  cursor.skip(cursor.u16le());
  cursor.skip(cursor.u16le());
  const type = cursor.u8();
  cursor.skip(5);
  const length = cursor.u16le();
  const start = cursor.skip(length);
  if (cursor.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const { buffer } = cursor;
  const place = { buffer, start, end: start + length };
  const isAway = type >= IcqType.FirstAway && type <= IcqType.LastAway;
  if (answer && !isAway) return;
  if (isAway || type === IcqType.Plain) {
    const written = withoutNul(utf8OrWindows1252(buffer, start, start + length));
    if (isAway && (!answer || written === '')) return;
    const event = letter(flow, { from, to, cookie });
    if (isAway) event.form = 'auto-reply';
    if (formatOf(cursor) === RTF || written.startsWith('{\\rtf')) {
      event.text = some(rtfText(written));
      event.markup = written;
      flow.say(event);
    } else {
      const stop = endBeforeNul(buffer, start, start + length);
      sayText(flow, event, written, isMarkup(written, from, to), start, stop);
    }
  } else if (type === IcqType.Plugin) readPlugin(flow, cursor, { from, to, cookie });
  else if (type === IcqType.File) {
    const comment = withoutNul(utf8OrWindows1252(buffer, start, start + length));
    readFile(flow, cursor, { from, to, cookie }, comment);
  } else {
    sayIcqMessage(flow, { type, from, to, ...place, messageId: cookie, sentAt: undefined });
  }
}

function readPlugin(flow: OscarFlow, cursor: Cursor, parties: Parties): void {
  const length = cursor.u16le();
  const plugin = cursor.skip(length);
  const { buffer } = cursor;
  const nameStart = plugin + 22;
  const nameLength = length >= 22 ? i32le(buffer, plugin + 18) >>> 0 : 0;
  const nameEnd = Math.min(nameStart + nameLength, plugin + length);
  const name = nameEnd > nameStart ? utf8OrWindows1252(buffer, nameStart, nameEnd) : '';
  cursor.u32le();
  const textLength = cursor.u32le();
  const start = cursor.skip(textLength);
  if (cursor.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const text = withoutNul(utf8OrWindows1252(buffer, start, start + textLength));
  const isFile = length >= 16 && FILE_PLUGIN.every((octet, i) => buffer[plugin + i] === octet);
  if (isFile || /^file/i.test(name)) {
    readFile(flow, cursor, parties, text);
    return;
  }
  if (text === '') return;
  const event = letter(flow, parties);
  event.subject = some(name);
  // The fields of an address or a list of contacts end at FE, which windows-1252 has as a letter.
  sayText(flow, event, text.replaceAll('\u00fe', '\n'), false);
}

function readFile(flow: OscarFlow, cursor: Cursor, parties: Parties, comment: string): void {
  cursor.u32();
  const length = cursor.u16le();
  const start = cursor.skip(length);
  const size = cursor.u32le();
  const event = flow.newEvent('file.offer');
  event.from = parties.from;
  event.to = parties.to === undefined ? undefined : [parties.to];
  event.route = 'direct';
  event.text = some(comment);
  event.file = { method: 'p2p', token: parties.cookie };
  if (cursor.failed) flow.anomaly(Anomaly.Malformed);
  else {
    const name = withoutNul(utf8OrWindows1252(cursor.buffer, start, start + length));
    event.file.name = some(name);
    event.file.size = size;
  }
  flow.say(event);
}

function letter(flow: OscarFlow, { from, to, cookie }: Parties) {
  const event = flow.newEvent('message');
  event.from = from;
  event.to = to === undefined ? undefined : [to];
  event.route = 'direct';
  event.messageId = cookie;
  return event;
}

/** Behind the text: colours, then the GUID of its format. */
function formatOf(cursor: Cursor): string | undefined {
  cursor.skip(8);
  const length = cursor.u32le();
  const start = cursor.skip(length);
  if (cursor.failed || length > 64) return undefined;
  return withoutNul(utf8OrWindows1252(cursor.buffer, start, start + length)).toUpperCase();
}
