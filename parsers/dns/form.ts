/**
 * The form of plain lookups, strict enough to be known on any port (RFC 1035 §4.1, RFC 6895 §2):
 *
 *   id:u16, QR, opcode 0, AA TC RD RA, zero, AD CD, code; one question of class IN; then exactly the records that are
 *   counted: with a question at most EDNS and a signature, with an answer up to a hundred or so
 *
 * Not multicast DNS, whose messages have no id and no RD and ask for names of the link.
 */
import { u16be } from '../../src/bytes/read.ts';
import { ascii, spells } from '../../src/bytes/text.ts';
import { DnsRecord, endOfName, HEADER } from '../framing/dns-message.ts';

export const ANSWER = 0x8000;
const OPERATION = 0x7800;
const TRUNCATED = 0x0200;
const RECURSION = 0x0100;
const ZERO = 0x0040;
const CODE = 0x000f;
/** A question with an answer's flags, code or records is none. */
const NOT_IN_QUESTION = 0x0400 | TRUNCATED | 0x0080 | CODE;
const LAST_CODE = 11; // RFC 6895 §2.3, without those of EDNS
const IN = 1;
/** Records that a question and an answer may have; real answers have some dozen. */
const WITH_QUESTION = 2;
const WITH_ANSWER = 256;

const LOCAL = ascii('LOCAL');
const ARPA = ascii('ARPA');

const record = new DnsRecord();

/** Octets up to the end of the question; 0: too few to tell; -1: not the form. */
export function questionEnd(octets: Uint8Array): number {
  const { length } = octets;
  if (length >= 4 && !flagsFit(octets)) return -1;
  if (length < HEADER) return 0;
  if (!countsFit(octets)) return -1;
  let end = HEADER;
  for (;;) {
    if (end >= length) return 0;
    const label = octets[end] ?? 0;
    if (label === 0) break;
    // The first name of a message has nothing to point to.
    if (label > 63 || end + 1 + label - HEADER > 254) return -1;
    const last = Math.min(length, end + 1 + label);
    for (let at = end + 1; at < last; at++) {
      const octet = octets[at] ?? 0;
      if (octet < 0x21 || octet > 0x7e) return -1;
    }
    end += 1 + label;
  }
  if (end + 5 > length) return 0;
  if ((u16be(octets, end + 3) & 0x7fff) !== IN || u16be(octets, end + 1) === 0) return -1;
  return isOfLink(octets, end) ? -1 : end + 5;
}

/** Whether `octets` are exactly one question or one answer. */
export function isLookup(octets: Uint8Array): boolean {
  let at = questionEnd(octets);
  if (at <= 0) return false;
  for (let n = recordsOf(octets); n > 0; n--) {
    if (!record.read(octets, at)) return false;
    at = record.next;
  }
  return at === octets.length;
}

/** Whether it is DNS of any kind, if only in its header and first name: what is not, is something else. */
export function isMessage(octets: Uint8Array): boolean {
  if (octets.length < HEADER) return false;
  const operation = (u16be(octets, 2) & OPERATION) >> 11;
  if (operation > 6 || operation === 3) return false;
  const questions = u16be(octets, 4);
  if (questions > 1) return false;
  return questions === 0 ? true : endOfName(octets, HEADER) !== -1;
}

function recordsOf(octets: Uint8Array): number {
  return u16be(octets, 6) + u16be(octets, 8) + u16be(octets, 10);
}

function flagsFit(octets: Uint8Array): boolean {
  const flags = u16be(octets, 2);
  if ((flags & (OPERATION | ZERO)) !== 0) return false;
  return (flags & ANSWER) === 0 ? (flags & NOT_IN_QUESTION) === 0 : (flags & CODE) <= LAST_CODE;
}

function countsFit(octets: Uint8Array): boolean {
  if (u16be(octets, 4) !== 1) return false;
  const isAnswer = (u16be(octets, 2) & ANSWER) !== 0;
  if (isAnswer) return recordsOf(octets) <= WITH_ANSWER;
  return u16be(octets, 6) + u16be(octets, 8) === 0 && u16be(octets, 10) <= WITH_QUESTION;
}

/** No id, no recursion asked for, and a name of the link (RFC 6762 §3, §18). */
function isOfLink(octets: Uint8Array, end: number): boolean {
  if (u16be(octets, 0) !== 0 || (u16be(octets, 2) & RECURSION) !== 0) return false;
  return spells(octets, end - 5, end, LOCAL) || spells(octets, end - 4, end, ARPA);
}
