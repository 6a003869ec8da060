/**
 * Datagrams that keep a way through a NAT open and say nothing: CR LF (RFC 5626 §3.5.1), four NULs,
 * spaces, and the word `hello` (all seen from telephones and session border controllers).
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';

const HELLO = ascii('hello');
const NUL = 0x00;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** Where something else begins; the length where nothing does. */
export function afterKeepAlive(octets: Uint8Array): number {
  let at = 0;
  while (at < octets.length) {
    const octet = octets[at];
    if (octet === CR || octet === LF || octet === SPACE || octet === NUL || octet === TAB) at += 1;
    else if (startsWith(octets, at, HELLO)) at += HELLO.length;
    else break;
  }
  return at;
}
