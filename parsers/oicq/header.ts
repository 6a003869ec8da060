/**
 * The part of a packet of QQ that is not encrypted:
 *
 *   0  02            first octet of every packet
 *   1  version       u16 of the program that sent it; 01 00: a server
 *   3  command       u16, see commands.ts
 *   5  sequence      u16
 *   7  number        u32: of the account, in what a client sends; a server's body begins here
 *  11  body          encrypted
 *  -1  03            last octet of every packet
 *
 * Sources: Wireshark's names of the fields and commands; the corpus (oicq.pcap).
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import { isKnown } from './commands.ts';

/** Octets before the body. */
export const HEADER = 11;
/** Octets of the shortest packet: a body of one octet, and the last one. */
export const SHORTEST = HEADER + 2;
export const FIRST_OCTET = 0x02;
export const LAST_OCTET = 0x03;
/** The lowest number ever given to a person; the first ones had five digits. */
const LOWEST_NUMBER = 10_000;
/** Versions seen lie between 04 xx (1999) and 3b 0b (2021); servers of old networks say 01 00. */
const LOWEST_VERSION = 0x0400;
const HIGHEST_VERSION = 0x4000;
const SERVER_VERSION = 0x0100;

export function versionAt(octets: Uint8Array, at: number): number {
  return u16be(octets, at + 1);
}
export function commandAt(octets: Uint8Array, at: number): number {
  return u16be(octets, at + 3);
}
export function sequenceAt(octets: Uint8Array, at: number): number {
  return u16be(octets, at + 5);
}
export function numberAt(octets: Uint8Array, at: number): number {
  return i32be(octets, at + 7) >>> 0;
}

/** Whether a header may stand at `at`; HEADER octets are there. */
export function isHeader(octets: Uint8Array, at: number): boolean {
  const version = versionAt(octets, at);
  return (
    octets[at] === FIRST_OCTET &&
    (version === SERVER_VERSION || (version >= LOWEST_VERSION && version < HIGHEST_VERSION)) &&
    numberAt(octets, at) > LOWEST_NUMBER
  );
}

/** The same with a command that is known: strong enough to identify a flow by. */
export function isCertainHeader(octets: Uint8Array, at: number): boolean {
  return isHeader(octets, at) && isKnown(commandAt(octets, at));
}
