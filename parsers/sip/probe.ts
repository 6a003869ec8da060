/**
 * Is it SIP? A whole request line that ends in `SIP/2.0`, or the beginning of a status line, after
 * nothing but keep-alives (CR LF, RFC 5626 §3.5.1; over UDP those of keep-alive.ts).
 *
 * Both sides make requests, but a REGISTER always goes to the server: over UDP, where nothing else says
 * who the client is, its direction does (and that of the answer to it).
 */
import { ascii, spells } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { afterKeepAlive } from './keep-alive.ts';
import { StartLine, startLineAt } from './start-line.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 4096;

const LF = 0x0a;
const CR = 0x0d;
const REGISTER = ascii('REGISTER');
const CSEQ = ascii('CSEQ:');
const KEEP_ALIVE_LIMIT = 32; // octets
const LINES = 64; // of a header that are looked at for CSeq

export function probeSip(_direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const at = afterLineEnds(octets);
  if (at === octets.length) return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
  const found = plausible(octets, at);
  if (found >= StartLine.Request) return Probe.Yes;
  if (found === StartLine.More) return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
  return midstream ? tornSip(octets, at) : Probe.No;
}

export function probeSipDatagram(direction: Direction, octets: Uint8Array): Probe {
  const at = afterKeepAlive(octets);
  // A keep-alive is short: a flow of nothing else is looked at for ever.
  if (at === octets.length) return at <= KEEP_ALIVE_LIMIT ? Probe.More : Probe.No;
  const found = plausible(octets, at);
  if (found < StartLine.Request) return Probe.No;
  const forward = found === StartLine.Request;
  const isRegister = forward
    ? spells(octets, at, at + REGISTER.length, REGISTER)
    : answersRegister(octets, at);
  if (!isRegister) return Probe.Yes;
  return (direction === Direction.ToServer) === forward ? Probe.Yes : Probe.No;
}

/** Methods in use are upper-case words; a parser that is sure reads any token. */
function plausible(octets: Uint8Array, at: number): StartLine {
  const first = octets[at] ?? 0;
  if (at < octets.length && (first < 0x41 || first > 0x5a)) return StartLine.None;
  return startLineAt(octets, at, octets.length);
}

function afterLineEnds(octets: Uint8Array): number {
  let at = 0;
  while (at < octets.length && (octets[at] === CR || octets[at] === LF)) at++;
  return at;
}

/** `CSeq: 1 REGISTER` stands in the header. */
function answersRegister(octets: Uint8Array, from: number): boolean {
  let at = from;
  for (let n = 0; n < LINES; n++) {
    const lf = octets.indexOf(LF, at);
    if (lf === -1) return false;
    const end = octets[lf - 1] === CR ? lf - 1 : lf;
    if (end === at) return false;
    if (spells(octets, at, at + CSEQ.length, CSEQ)) {
      return spells(octets, end - REGISTER.length, end, REGISTER);
    }
    at = lf + 1;
  }
  return false;
}

/** Picked up inside a message: text, in which a line begins another one. */
function tornSip(octets: Uint8Array, from: number): Probe {
  let at = from;
  for (let i = from; i < octets.length; i++) {
    const octet = octets[i] ?? 0;
    if (octet < 0x20 && octet !== CR && octet !== LF && octet !== 0x09) return Probe.No;
    if (octet !== LF) continue;
    at = i + 1;
    const found = plausible(octets, at);
    if (found === StartLine.Response || found === StartLine.Request) return Probe.Yes;
  }
  return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
}
