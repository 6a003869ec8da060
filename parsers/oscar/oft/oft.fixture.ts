/** Test support: OFT headers and offers made by hand. */
import type { TransferOffer } from '../../contract.ts';
import type { TransferRecord } from '../rendezvous/transfer-record.ts';
import { OftType } from './oft-header.ts';

export const COOKIE = '434f4f4b49453031'; // COOKIE01

export interface HeaderFields {
  readonly type: number;
  readonly cookie?: string;
  readonly name?: string | Uint8Array;
  readonly charset?: number;
  readonly size?: number;
  readonly totalSize?: number;
  readonly files?: number;
  readonly left?: number;
  readonly received?: number;
  readonly checksum?: number;
  readonly encryption?: number;
  readonly version?: string;
  readonly length?: number;
}

export function header(fields: HeaderFields): Uint8Array {
  const { name = 'plan.txt', size = 10, cookie = COOKIE, files = 1, version = '2' } = fields;
  const nameOctets = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  const length = fields.length ?? Math.max(256, 192 + nameOctets.length + 1);
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  octets.set(new TextEncoder().encode(`OFT${version}`));
  view.setUint16(4, length);
  view.setUint16(6, fields.type);
  view.setBigUint64(8, BigInt(`0x${cookie}`));
  view.setUint16(16, fields.encryption ?? 0);
  view.setUint16(20, files);
  view.setUint16(22, fields.left ?? 1);
  view.setUint32(28, fields.totalSize ?? size);
  view.setUint32(32, size);
  view.setUint32(40, fields.checksum ?? 0);
  view.setUint32(60, fields.received ?? 0);
  octets.set(new TextEncoder().encode('Cool FileXfer'), 68);
  view.setUint16(188, fields.charset ?? 0);
  octets.set(nameOctets.subarray(0, length - 192), 192);
  return octets;
}

type Fields = Omit<HeaderFields, 'type'>;
export const prompt = (fields: Fields = {}) => header({ ...fields, type: OftType.Prompt });
export const ack = (fields: Fields = {}) => header({ ...fields, type: OftType.Ack });
export const done = (fields: Fields = {}) => header({ ...fields, type: OftType.Done });
export const resume = (fields: Fields = {}) => header({ ...fields, type: OftType.Resume });
export const resumeAccept = (fields: Fields = {}) =>
  header({ ...fields, type: OftType.ResumeAccept });
export const resumeAck = (fields: Fields = {}) => header({ ...fields, type: OftType.ResumeAck });

/** What bob's own connection said: ann offered plan.txt. */
export const OFFER: TransferOffer = {
  service: 'aim',
  account: 'bob',
  sender: 'ann',
  recipient: 'bob',
  senderListens: true,
  room: undefined,
  name: 'plan.txt',
  size: 10,
  offset: 0,
  mime: undefined,
  token: COOKIE,
  method: 'oft',
  origin: 'server',
};

export function remembered(
  offer: Partial<TransferOffer> = {},
  files = 1,
): Map<string, TransferRecord> {
  const record = { cookie: COOKIE, offer: { ...OFFER, ...offer }, files, done: false };
  return new Map([[`transfer ${COOKIE}`, record]]);
}
