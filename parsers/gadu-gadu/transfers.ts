/**
 * Files and calls since 7 (dossier §6): controlled over the server, carried by connections of their own
 * (dcc/). An identifier has eight octets, shown as 16 hexadecimal digits.
 *
 *   0x20  8 id, u32 from, u32 to, u32 kind (1 voice, 4 file), 255 file name, u64 size, 20 SHA-1 or zeros
 *   0x21  u32 uin, 8 id, u32 offset, u32          accept
 *   0x22  u32 uin, 8 id, u32 reason               reject
 *   0x25  8 id [, u32 from, u32 to]               abort
 *   0x1f  u32 uin, u32 kind (1 direct, 2 relay), 8 id, 32 "address port" or "GG<id>CH<random>", 32 secret
 *   0xa0  protobuf: 4 sender {2 uin}, 6 file {2 URL, 6 type, 7 name, 8 size}: a file kept by the server
 */
import { i32le } from '../../src/bytes/read.ts';
import { boundedCopy, utf8 } from '../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ExpectedConnection, TransferOffer } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { NAME_LIMIT } from './gg-limits.ts';
import type { Offered } from './offers.ts';
import { ProtobufFields } from './protobuf.ts';
import { eitherText, some, textEnd } from './text.ts';
import { uinAt, writtenUin } from './uin.ts';

const NEW_SIZE = 303;
const NAME_OCTETS = 255;
const SHA1_OCTETS = 20;
const INFO_OCTETS = 32;
const VOICE = 1;
const FILE = 4;
const DIRECT = 1;
const RELAY = 2;
const REASONS: ReadonlyMap<number, string> = new Map([
  [1, 'busy'],
  [2, 'declined'],
  [3, 'hidden'],
  [6, 'version'],
]);

/** Under which the family's memory keeps the SHA-1 of an offer, for who reads the data. */
export const sha1Key = (token: string): string => `sha1 ${token}`;

export function tokenAt(buffer: Uint8Array, at: number, octets = 8): string {
  let hex = '';
  for (let i = at; i < at + octets; i++) hex += (buffer[i] ?? 0).toString(16).padStart(2, '0');
  return hex;
}

export function onNew(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < NEW_SIZE) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const kind = i32le(buffer, body + 16) >>> 0;
  if (kind !== FILE && kind !== VOICE) {
    flow.unknown(`transfer kind ${kind}`);
    return;
  }
  const token = tokenAt(buffer, body);
  const nameAt = body + 20;
  const sizeAt = nameAt + NAME_OCTETS;
  const low = i32le(buffer, sizeAt) >>> 0;
  const announced = low + (i32le(buffer, sizeAt + 4) >>> 0) * 2 ** 32;
  if (announced > Number.MAX_SAFE_INTEGER) flow.anomaly(Anomaly.Malformed);
  const name = eitherText(buffer, nameAt, textEnd(buffer, nameAt, sizeAt));
  const sha1 = tokenAt(buffer, sizeAt + 8, SHA1_OCTETS);
  // A client may write any number there: it speaks for itself.
  const named = uinAt(buffer, body + 8);
  const offered: Offered = {
    from: flow.toServer ? (flow.account ?? named) : named,
    to: uinAt(buffer, body + 12),
    call: kind === VOICE,
    name: name === undefined ? undefined : boundedCopy(name, NAME_LIMIT),
    size: announced <= Number.MAX_SAFE_INTEGER ? announced : undefined,
    sha1: /^0+$/.test(sha1) ? undefined : sha1,
    origin: flow.toServer ? 'client' : 'server',
    offset: 0,
    refused: false,
  };
  const event = flow.newEvent(offered.call ? 'call.offer' : 'file.offer');
  address(event, offered.from, offered.to);
  describe(event, token, offered);
  // Also where it is refused: who offers may say all the same where it will come.
  offered.refused = flow.say(event);
  if (!flow.offers.set(token, offered)) flow.anomaly(Anomaly.TableFull);
}

function address(event: ImEvent, from: string | undefined, to: string | undefined): void {
  event.from = from;
  if (to !== undefined) event.to = [to];
  event.route = 'direct';
}

function describe(event: ImEvent, token: string, offered: Offered | undefined): void {
  if (offered?.call === true) {
    event.call = { media: 'audio', token };
    return;
  }
  const file: FileReference = { method: 'gg', token };
  if (offered?.name !== undefined) file.name = offered.name;
  if (offered?.size !== undefined) file.size = offered.size;
  event.file = file;
}

/** An answer to an offer: of its kind, between its parties where the offer was seen. */
function answer(
  flow: GgFlow,
  [ofFile, ofCall]: readonly [EventKind, EventKind],
  token: string,
  uin: string | undefined,
): ImEvent {
  const offered = flow.offers.get(token);
  const event = flow.newEvent(offered?.call === true ? ofCall : ofFile);
  // To the server the UIN is the other party's; to the client it is who answers, the other party too.
  const other = uin ?? (offered?.from === flow.account ? offered?.to : offered?.from);
  address(event, flow.toServer ? flow.account : other, flow.toServer ? other : flow.account);
  describe(event, token, offered);
  return event;
}

export function onAccept(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 16) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const token = tokenAt(buffer, body + 4);
  const offset = i32le(buffer, body + 12) >>> 0;
  const event = answer(flow, ['file.accept', 'call.accept'], token, uinAt(buffer, body));
  if (offset > 0 && event.file !== undefined) event.file.offset = offset;
  const refused = flow.say(event);
  const offered = flow.offers.get(token);
  if (offered === undefined) return;
  if (refused) offered.refused = true;
  else offered.offset = offset;
}

export function onReject(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 16) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const token = tokenAt(buffer, body + 4);
  const reason = i32le(buffer, body + 12) >>> 0;
  const event = answer(flow, ['file.decline', 'call.decline'], token, uinAt(buffer, body));
  event.reason = REASONS.get(reason) ?? `reason ${reason}`;
  if (!flow.say(event)) flow.offers.delete(token);
}

export function onAbort(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 8) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const token = tokenAt(buffer, body);
  const event = answer(flow, ['file.cancel', 'call.end'], token, undefined);
  if (!flow.say(event)) flow.offers.delete(token);
}

/** Where the data will pass. Who says so listens; of a relay only the identifier is known. */
export function onInfo(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 16 + INFO_OCTETS) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const kind = i32le(buffer, body + 4) >>> 0;
  const token = tokenAt(buffer, body + 8);
  const offered = flow.offers.get(token);
  if (offered === undefined || (offered.call && !offered.refused)) return;
  const start = body + 16;
  const info = eitherText(buffer, start, textEnd(buffer, start, start + INFO_OCTETS)) ?? '';
  const listener = flow.toServer ? flow.account : uinAt(buffer, body);
  if (offered.sha1 !== undefined) flow.context.memory.set(sha1Key(token), offered.sha1);
  const offer: TransferOffer = {
    service: 'gadu-gadu',
    account: flow.account,
    sender: offered.from,
    recipient: offered.to,
    senderListens: kind === DIRECT ? listener === offered.from : undefined,
    room: undefined,
    name: offered.name,
    size: offered.size,
    offset: offered.offset,
    mime: undefined,
    token,
    method: 'gg',
    origin: offered.origin,
  };
  const place = kind === DIRECT ? placeOf(info) : undefined;
  const { refused } = offered;
  if (place !== undefined) flow.sink.expect(connection('gg-dcc', token, offer, place), refused);
  else if (kind === RELAY) {
    flow.sink.expect(connection('gg-relay', token, offer, undefined), refused);
  } else flow.anomaly(Anomaly.Malformed);
}

function connection(
  protocol: string,
  token: string,
  offer: TransferOffer,
  place: { readonly address: string; readonly port: number } | undefined,
): ExpectedConnection {
  return { protocol, service: 'gadu-gadu', token, offer, ...place };
}

/** `10.0.0.1 1550` */
function placeOf(info: string) {
  const [, address = '', written = ''] = /^((?:\d{1,3}\.){3}\d{1,3}) (\d{1,5})$/.exec(info) ?? [];
  const port = Number(written);
  return address === '' || port === 0 || port > 65_535 ? undefined : { address, port };
}

export function onDriveTransfer(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  const inner = new ProtobufFields();
  let sender: string | undefined;
  let file: FileReference | undefined;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 4) {
      inner.open(buffer, fields.start, fields.end);
      while (inner.next()) {
        if (inner.field === 2) sender = writtenUin(buffer, inner.start, inner.end);
      }
    } else if (fields.field === 6)
      file = driveFile(buffer, inner.open(buffer, fields.start, fields.end));
  }
  if (file === undefined) return;
  const event = flow.newEvent('file.offer');
  address(event, sender, sender === flow.account ? undefined : flow.account);
  if (sender === flow.account) event.copy = 'carbon';
  event.file = file;
  flow.say(event);
}

function driveFile(buffer: Uint8Array, fields: ProtobufFields): FileReference {
  const file: FileReference = { method: 'gg' };
  while (fields.next()) {
    const text = () => some(utf8(buffer, fields.start, fields.end));
    if (fields.field === 2) file.url = text();
    else if (fields.field === 6) file.mime = text();
    else if (fields.field === 7) file.name = text();
    else if (fields.field === 8 && Number.isSafeInteger(fields.value)) file.size = fields.value;
  }
  return file;
}
