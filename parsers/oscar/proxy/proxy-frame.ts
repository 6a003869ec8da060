/**
 * Frames of AOL's rendezvous proxy (ARS), before the content of two clients is joined:
 *
 *   u16 length of the rest · u16 044a · u16 type · u32 0 · u16 flags · body
 *   2 create  (client)  u8 n · name · 8 octets cookie · TLV 0001 capability
 *   3 created (server)  u16 number · IPv4
 *   4 join    (client)  u8 n · name · u16 number · 8 octets cookie · TLV 0001 capability
 *   5 ready   (server)  -
 *   1 error   (server)  u16 code
 *
 * Source: dossier oscar.md §6 (libpurple peer_proxy.c).
 */
import { u16be } from '../../../src/bytes/read.ts';
import { GUID_LENGTH, hexText, Purpose, purposeOf } from '../rendezvous/capability.ts';
import { screenName } from '../screen-name.ts';
import { TlvWalk } from '../tlv.ts';

export const ProxyType = { Error: 1, Create: 2, Created: 3, Join: 4, Ready: 5 } as const;

/** Octets of a frame before its body. */
export const PROXY_HEAD = 12;
export const VERSION = 0x044a;

const COOKIE_LENGTH = 8;
const CAPABILITY = 0x0001;

/** Octets of the whole frame. */
export function frameLength(buffer: Uint8Array, start: number): number {
  return 2 + u16be(buffer, start);
}

export interface ProxyRequest {
  readonly name: string | undefined;
  /** Lower-case hex. */
  readonly cookie: string;
  readonly purpose: Purpose;
}

/** A create or join that stands at buffer[start, end), or undefined where it is too short. */
export function readRequest(
  buffer: Uint8Array,
  start: number,
  end: number,
): ProxyRequest | undefined {
  const type = u16be(buffer, start + 4);
  const nameAt = start + PROXY_HEAD + 1;
  const nameEnd = nameAt + (buffer[nameAt - 1] ?? 0);
  const cookieAt = nameEnd + (type === ProxyType.Join ? 2 : 0);
  const tlvsAt = cookieAt + COOKIE_LENGTH;
  if (tlvsAt > end) return undefined;
  const tlvs = new TlvWalk();
  tlvs.over(buffer, tlvsAt, end);
  const named = tlvs.find(CAPABILITY) && tlvs.length === GUID_LENGTH;
  return {
    name: screenName(buffer, nameAt, nameEnd),
    cookie: hexText(buffer, cookieAt, tlvsAt),
    purpose: named ? purposeOf(buffer, tlvs.start) : Purpose.Unknown,
  };
}
