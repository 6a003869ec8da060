/**
 * How an invitation is declined in the invited one's name: an acknowledgement of its packets, then MSNSLP
 * `603 Decline` (dossier §9). Whole packets without footer; identifiers are made out of the invitation's own,
 * so that the same refusal is the same octets.
 */
import { TEXT_LIMIT } from './p2p-limits.ts';
import { HEADER_V1, type P2pPacket } from './packet.ts';
import type { SlpText } from './slp-text.ts';

const ACK = 0x02;
/** 2^32 divided by the golden ratio: spreads what is close together (Knuth, TAOCP 6.4). */
const SPREAD = 0x9e37_79b1;
const HEADER_V2 = 16; // with the TLV of an acknowledgement
const ACK_TLV = 0x02;
const DATA_HEADER_V2 = 8;

/** What is answered. */
export interface Invitation {
  readonly version: 1 | 2;
  readonly message: number;
  readonly total: number;
  readonly unique: number;
  /** Octets after the first header of the packet (version 2). */
  readonly length: number;
  /** `603 Decline` to it. */
  readonly decline: Uint8Array;
}

export function invitationOf(packet: P2pPacket, slp: SlpText, total: number): Invitation {
  const { version, message, unique, length } = packet;
  return { version, message, total, unique, length, decline: declineText(slp) };
}

function declineText(slp: SlpText): Uint8Array {
  const { headers, session } = slp;
  const field = (name: string) => plain(headers.value(name) ?? '');
  const sequence = (headers.decimal('cseq') ?? 0) + 1;
  const body = `SessionID: ${session}\r\n\r\n\0`;
  return new TextEncoder().encode(
    [
      'MSNSLP/1.0 603 Decline',
      `To: ${field('from')}`,
      `From: ${field('to')}`,
      `Via: ${field('via')}`,
      `CSeq: ${sequence}`,
      `Call-ID: ${field('call-id')}`,
      'Max-Forwards: 0',
      'Content-Type: application/x-msnmsgr-sessionreqbody',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** Nothing in a field may end its line, and nothing makes the answer long. */
function plain(value: string): string {
  let text = '';
  for (const character of value.slice(0, TEXT_LIMIT)) if (character >= ' ') text += character;
  return text;
}

export function refusalPackets(invitation: Invitation): Uint8Array[] {
  return invitation.version === 1 ? version1(invitation) : version2(invitation);
}

function version1({ message, total, unique, decline }: Invitation): Uint8Array[] {
  const id = (Math.imul(message ^ unique, SPREAD) & 0x7fff_fffe) >>> 0;
  const ack = header1(id, total, 0, ACK);
  const view = new DataView(ack.buffer);
  view.setUint32(32, message, true);
  view.setUint32(36, unique, true);
  view.setUint32(40, total, true);
  const answer = new Uint8Array(HEADER_V1 + decline.length);
  answer.set(header1(id + 1, decline.length, decline.length, 0));
  answer.set(decline, HEADER_V1);
  new DataView(answer.buffer).setUint32(32, Math.imul(id, SPREAD) >>> 0, true);
  return [ack, answer];
}

function header1(id: number, total: number, length: number, flags: number): Uint8Array {
  const header = new Uint8Array(HEADER_V1);
  const view = new DataView(header.buffer);
  view.setUint32(4, id, true);
  view.setUint32(16, total, true);
  view.setUint32(24, length, true);
  view.setUint32(28, flags, true);
  return header;
}

/** One packet says both: its header acknowledges, its data declines. */
function version2({ unique, length, decline }: Invitation): Uint8Array[] {
  const packet = new Uint8Array(HEADER_V2 + DATA_HEADER_V2 + decline.length);
  const view = new DataView(packet.buffer);
  packet[0] = HEADER_V2;
  view.setUint16(2, DATA_HEADER_V2 + decline.length);
  view.setUint32(4, Math.imul(unique, SPREAD) >>> 0);
  packet[8] = ACK_TLV;
  packet[9] = 4;
  view.setUint32(10, (unique + length) >>> 0);
  packet[HEADER_V2] = DATA_HEADER_V2;
  packet[HEADER_V2 + 1] = 1; // first part, of MSNSLP
  packet.set(decline, HEADER_V2 + DATA_HEADER_V2);
  return [packet];
}
