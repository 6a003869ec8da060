/**
 * What goes back to who sent a rendezvous message that a proxy refuses: a cancel (type 1, reason 1, "by
 * the user") in the name of the other party, as libpurple sends it and every client takes it.
 *
 *   to the client    04/07  cookie · u16 2 · u8 n · name · u16 0 · u16 1 · TLV 0001 {0010} · TLV 0005
 *   to the server    04/06  cookie · u16 2 · u8 n · name · TLV 0003 · TLV 0005
 *   TLV 0005         0001 · cookie · capability · TLV 000b {0001}
 *
 * Source: dossier oscar.md §9; aim-files-libpurple243 frames 1104 and 1115.
 */
import { GUID_LENGTH } from './capability.ts';

export interface RendezvousRefusal {
  /** Of family 0004. */
  readonly subtype: number;
  /** What follows the ten octets of the SNAC head. */
  readonly body: Uint8Array;
}

const COOKIE_LENGTH = 8;
const ENCODER = new TextEncoder();
const NAME_MOST = 255; // octets: its length is one octet
const USER_INFO = [0, 0, 0, 1, 0, 1, 0, 2, 0, 0x10]; // warning 0, one TLV: class "free AIM account"
const WANTS_ACK = [0, 3, 0, 0];
const BLOCK_LENGTH = 2 + COOKIE_LENGTH + GUID_LENGTH + 6;
const CANCELLED_BY_USER = [0, 0x0b, 0, 2, 0, 1];

/** `block`: where TLV 0005 of the refused message begins; cookie and capability are taken from it. */
export function refusalOf(
  buffer: Uint8Array,
  block: number,
  fromClient: boolean,
  otherParty: string,
): RendezvousRefusal | undefined {
  const name = ENCODER.encode(otherParty);
  if (name.length > NAME_MOST) return undefined;
  const cookie = buffer.subarray(block + 2, block + 2 + COOKIE_LENGTH);
  const guid = buffer.subarray(block + 10, block + 10 + GUID_LENGTH);
  const body = Uint8Array.from([
    ...[...cookie, 0, 2, name.length, ...name, ...(fromClient ? USER_INFO : WANTS_ACK)],
    ...[0, 5, 0, BLOCK_LENGTH, 0, 1, ...cookie, ...guid, ...CANCELLED_BY_USER],
  ]);
  return { subtype: fromClient ? 0x07 : 0x06, body };
}
