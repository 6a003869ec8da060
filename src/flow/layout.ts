/**
 * What a flow's slot holds: 160 octets of one buffer, seen as STRIDE int32 words and as NUMBERS
 * doubles. What the short path touches stands in the first 64 octets.
 *
 * Words that exist once a direction stand in pairs: [to server, to client]. A sequence number's
 * word says nothing until the bit that goes with it is set.
 */

/** Words a slot. */
export const STRIDE = 40;
/** Last word of the address (all of it in IPv4); the words before it stand in *_HIGH. */
export const CLIENT = 0;
export const SERVER = 1;
/** Client's port in the upper half, server's in the lower. */
export const PORTS = 2;
/** IP version << 8 | transport; 0 marks a free slot. */
export const TAG = 3;
/** Bits below. */
export const FLAGS = 4;
/** Of the key; in a free slot, the next free one. */
export const HASH = 5;
// Words 6..17 are doubles, see below.
/** First three words of an IPv6 address. */
export const CLIENT_HIGH = 18;
export const SERVER_HIGH = 21;
/** Next sequence number expected. */
export const NEXT = 24;
/** Initial sequence number, or the first one seen where the opening was not (PICKED_UP). */
export const INITIAL = 26;
/** Highest acknowledgement the receiver of this direction sent (ACKED). */
export const ACKNOWLEDGED = 28;
/** Sequence number of the FIN (FIN_SEEN). */
export const FIN_AT = 30;
/** 1 + number of the list of segments held, or 0. */
export const HELD = 32;
/** 1 + chunk of recently delivered octets, or 0. */
export const RECENT = 34;
/** Segments in a row that lay nowhere near NEXT. */
export const STRAYS = 36;
/** Initial sequence number of a SYN that contradicts the flow (PENDING). */
export const PENDING_INITIAL = 38;
export const VLAN = 39;
/** The words above that stand in pairs, from NEXT to STRAYS. */
export const PAIRS_START = NEXT;
export const PAIRS_END = 38;

/** Doubles a slot: times in microseconds since 1970, packets and payload octets a direction. */
export const NUMBERS = 20;
export const LAST_TIME = 3;
export const PACKETS = 4;
export const OCTETS = 6;
export const FIRST_TIME = 8;

/** Bits 0..2 of FLAGS. */
export const STATE_MASK = 7;
export const State = {
  /** Only SYNs so far. */
  Opening: 0,
  Established: 1,
  /** A FIN was seen, of one direction. */
  Closing: 2,
  /** Both directions ended; the slot stays a while for stragglers. */
  Finished: 3,
  /** A valid RST was seen; as above. */
  Reset: 4,
  /** UDP. */
  Datagrams: 5,
} as const;
export type State = (typeof State)[keyof typeof State];

/** Bits 3..4 of FLAGS: the Disposition. */
export const DISPOSITION_SHIFT = 3;
export const DISPOSITION_MASK: number = 3 << DISPOSITION_SHIFT;
/** The client was decided by a SYN. */
export const ORIENTED: number = 1 << 5;
/** TCP whose opening was not seen. */
export const MIDSTREAM: number = 1 << 6;
export const PENDING: number = 1 << 7;
/** Set where the pending SYN goes to the client. */
export const PENDING_TO_CLIENT: number = 1 << 8;
/** The flow is being closed: it is not turned round any more. */
export const LEAVING: number = 1 << 9;
/** Octets of a SYN are held until the server says whether it took them (RFC 7413). */
export const SYN_DATA: number = 1 << 10;
/** Set where the RST went to the client. */
export const RESET_TO_CLIENT: number = 1 << 11;

/** Bits in pairs from here: `BIT << direction`. */
export const PAIRED_BITS = 12;
/** NEXT and INITIAL are known. */
export const STARTED: number = 1 << 12;
export const ACKED: number = 1 << 14;
export const FIN_SEEN: number = 1 << 16;
/** The listener was told that this direction ended. */
export const ENDED: number = 1 << 18;
export const PICKED_UP: number = 1 << 20;
/** Octets or a gap were delivered. */
export const DELIVERED: number = 1 << 22;
// Pairs with both bits set, or none: turning the flow round leaves them as they are.
/** Whoever carries the flow's packets (src/pipeline/bridge.ts) remembers something of it. */
export const ON_WIRE: number = 3 << 24;
/** Nothing of the flow goes on any more. */
export const REFUSED: number = 3 << 26;
/** Its SYN took the ports of a connection that was over, as far as we know; nobody answered it yet. */
export const UNANSWERED: number = 3 << 28;
/** With UNANSWERED: the connection whose ports it took was refused. */
export const AFTER_REFUSED: number = 3 << 30;
