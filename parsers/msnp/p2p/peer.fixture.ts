/** Test support: packets and MSNSLP texts, and the conversations in which they travel. */
import {
  client,
  type Heard,
  joined,
  octets,
  server,
  type Turn,
} from '../../../test/support/parser-harness.ts';
import type { ExpectedConnection, FlowContext } from '../../contract.ts';

export const ANN = 'ann@example.com';
export const BOB = 'bob@example.com';
export const CALL = '{66666666-7777-8888-9999-AAAAAAAAAAAA}';
export const BRANCH = '{11111111-2222-3333-4444-555555555555}';
export const SESSION = 180646677;
export const FILE_GUID = '{5D3E02AB-6190-11D3-BBBB-00C04F795683}';
export const OBJECT_GUID = '{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}';
export const WEBCAM_SHARE = '{4BD96FC0-AB17-4425-A14A-439185962DC8}';
export const WEBCAM_REQUEST = '{1C9AA97E-9C05-4583-A3BD-908A196F1E92}';
const SESSION_BODY = 'application/x-msnmsgr-sessionreqbody';

export interface Header1 {
  readonly session?: number;
  readonly message?: number;
  readonly offset?: number;
  /** As long as its data where absent. */
  readonly total?: number | bigint;
  readonly length?: number;
  readonly flags?: number;
}

/** A packet of version 1, without footer. */
export function packet(header: Header1, data: Uint8Array | string = ''): Uint8Array {
  const body = typeof data === 'string' ? octets(data) : data;
  const whole = new Uint8Array(48 + body.length);
  const view = new DataView(whole.buffer);
  view.setUint32(0, header.session ?? 0, true);
  view.setUint32(4, header.message ?? 0xa01, true);
  view.setBigUint64(8, BigInt(header.offset ?? 0), true);
  view.setBigUint64(16, BigInt(header.total ?? body.length), true);
  view.setUint32(24, header.length ?? body.length, true);
  view.setUint32(28, header.flags ?? 0, true);
  view.setUint32(32, 0x55, true);
  whole.set(body, 48);
  return whole;
}

export interface Header2 {
  readonly session?: number;
  readonly pack?: number;
  /** 1 first, 4 object, 6 file. */
  readonly combined?: number;
  readonly remaining?: number;
  readonly base?: number;
  /** TLVs of the first header, padded. */
  readonly tlvs?: readonly number[];
}

/** A packet of version 2, without footer. */
export function packet2(header: Header2, data: Uint8Array | string = ''): Uint8Array {
  const body = typeof data === 'string' ? octets(data) : data;
  const tlvs = Uint8Array.from(header.tlvs ?? []);
  const rest = header.remaining ?? 0;
  const dataTlv = new Uint8Array(rest === 0 ? 0 : 12);
  if (rest > 0) {
    dataTlv.set([1, 8]);
    new DataView(dataTlv.buffer).setBigUint64(2, BigInt(rest));
  }
  const second = new Uint8Array(body.length === 0 ? 0 : 8 + dataTlv.length);
  if (body.length > 0) {
    const view = new DataView(second.buffer);
    second[0] = second.length;
    second[1] = header.combined ?? 1;
    view.setUint16(2, header.pack ?? 0);
    view.setUint32(4, header.session ?? 0);
    second.set(dataTlv, 8);
  }
  const first = new Uint8Array(8 + tlvs.length);
  const view = new DataView(first.buffer);
  first[0] = first.length;
  view.setUint16(2, second.length + body.length);
  view.setUint32(4, header.base ?? 0x1000);
  first.set(tlvs, 8);
  return joined(first, second, body);
}

export interface Slp {
  readonly from?: string;
  readonly to?: string;
  readonly call?: string;
  readonly branch?: string;
  readonly type?: string;
  readonly sequence?: number;
}

/** A text of MSNSLP, with its NUL. */
export function slp(start: string, body: string, how: Slp = {}): Uint8Array {
  const { from = ANN, to = BOB, call = CALL, branch = BRANCH, type = SESSION_BODY } = how;
  const sequence = how.sequence ?? (start.startsWith('MSNSLP') ? 1 : 0);
  return octets(
    [
      start,
      `To: <msnmsgr:${to}>`,
      `From: <msnmsgr:${from}>`,
      `Via: MSNSLP/1.0/TLP ;branch=${branch}`,
      `CSeq: ${sequence}`,
      `Call-ID: ${call}`,
      'Max-Forwards: 0',
      `Content-Type: ${type}`,
      `Content-Length: ${body.length + 1}`,
      '',
      `${body}\0`,
    ].join('\r\n'),
  );
}

export interface Request extends Slp {
  readonly guid?: string;
  readonly session?: number;
  readonly application?: number;
  readonly context?: string;
}

export function invite(request: Request = {}): Uint8Array {
  const { guid = FILE_GUID, session = SESSION, application = 2, to = BOB } = request;
  const context = request.context ?? fileContext('plan.pdf', 10);
  const body = [`EUF-GUID: ${guid}`, `SessionID: ${session}`, `AppID: ${application}`];
  return slp(
    `INVITE MSNMSGR:${to} MSNSLP/1.0`,
    [...body, `Context: ${context}`, '', ''].join('\r\n'),
    request,
  );
}

/** An answer of Bob's to Ann, unless told otherwise. */
export function answer(status: string, how: Slp & { readonly session?: number } = {}): Uint8Array {
  const body = `SessionID: ${how.session ?? SESSION}\r\n\r\n`;
  return slp(`MSNSLP/1.0 ${status}`, body, { from: BOB, to: ANN, ...how });
}

export function bye(how: Slp = {}): Uint8Array {
  const to = how.to ?? BOB;
  const type = 'application/x-msnmsgr-sessionclosebody';
  return slp(`BYE MSNMSGR:${to} MSNSLP/1.0`, '\r\n', { type, ...how });
}

export function transport(start: string, fields: readonly string[], how: Slp = {}): Uint8Array {
  const type = 'application/x-msnmsgr-transrespbody';
  return slp(start, `${fields.join('\r\n')}\r\n\r\n`, { branch: '{0A}', type, ...how });
}

/** Base64 of the context of a file offer, of `length` octets. */
export function fileContext(name: string, size: number | bigint, length = 574, type = 1): string {
  const context = Buffer.alloc(length);
  const header = Buffer.alloc(20);
  header.writeUInt32LE(length, 0);
  header.writeUInt32LE(length > 574 ? 3 : 2, 4);
  header.writeBigUInt64LE(BigInt(size), 8);
  header.writeUInt32LE(type, 16);
  header.copy(context);
  Buffer.from(name, 'utf16le').copy(context, 20);
  return context.toString('base64');
}

export function objectContext(fields: string): string {
  return Buffer.from(`<msnobj Creator="${BOB}" ${fields}/>\0`).toString('base64');
}

/** Of what Ann answers. */
export const byAnn = { from: ANN, to: BOB };

/** A packet of a direct connection. */
export function framed(...packets: readonly Uint8Array[]): Uint8Array {
  const parts = packets.map((one) => {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, one.length, true);
    return joined(length, one);
  });
  return joined(...parts);
}

export const FOO = octets('\x04\0\0\0foo\0');
const SHAKE = packet({ flags: 0x100, message: 7, total: 0 });
/** 16 octets, 00 to 0f. */
export const NONCE = Uint8Array.from({ length: 16 }, (_, i) => i);

export function handshake(nonce: Uint8Array = NONCE): Uint8Array {
  const whole = SHAKE.slice();
  whole.set(nonce, 32);
  return framed(whole);
}

/** Ann, the account, connected to Bob. */
export const ann = (...packets: readonly Uint8Array[]): Turn => client(framed(...packets));
export const bob = (...packets: readonly Uint8Array[]): Turn => server(framed(...packets));

export const OPENING: readonly Turn[] = [client(FOO, handshake()), server(handshake())];

export function announced(more: Partial<ExpectedConnection['offer']> = {}): ExpectedConnection {
  return {
    protocol: 'msn-direct',
    service: 'msn',
    offer: {
      service: 'msn',
      account: ANN,
      sender: ANN,
      recipient: BOB,
      senderListens: false,
      room: undefined,
      name: undefined,
      size: undefined,
      offset: 0,
      mime: undefined,
      token: undefined,
      method: 'p2p',
      origin: 'client',
      ...more,
    },
  };
}

export function betweenThem(): Partial<FlowContext> {
  return { expected: announced() };
}

/** What is said by and of either of them. */
export const fromAnn = { origin: 'client', account: ANN, from: ANN, to: [BOB], route: 'direct' };
export const fromBob = { origin: 'server', account: ANN, from: BOB, to: [ANN], route: 'direct' };
export const TOKEN = { method: 'p2p', token: String(SESSION) };
export const PLAN = { ...TOKEN, name: 'plan.pdf', size: 10 };

/** An event in whose packet something odd was named before. */
export function odd(anomaly: string, event: Heard): readonly Heard[] {
  return [{ anomaly }, { ...event, anomalies: [anomaly] }];
}

export function said(kind: string, who: Heard, more: Heard = {}): Heard {
  return { kind, ...who, ...more };
}
