/**
 * Is it ADC? The first line: `HSUP AD…` to a hub, `ISUP AD…` from it, `CSUP AD…` between clients, with
 * the feature BASE (or BAS0) in it. Picked up in the middle: one whole line of a kind that nothing else
 * says, with its SIDs. A line of the hub from the client means that the flow was taken for its mirror image.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { Direction, Probe } from '../contract.ts';
import { isOneOf } from './probe.ts';

/** Octets of a direction that are looked at. */
export const ADC_PROBE_LIMIT = 1024;

const LF = 0x0a;
const SPACE = 0x20;
const H = 0x48;
const I = 0x49;
const C = 0x43;
const SUP = ascii('SUP AD');
const BASE = ascii('ADBAS');

/** Lines with one SID, with two, and of the hub. */
const ONE_SID = [ascii('BINF '), ascii('BMSG '), ascii('BSCH ')];
const TWO_SIDS = ['DMSG ', 'EMSG ', 'DCTM ', 'DRCM ', 'DRES '].map(ascii);
const OF_HUBS = [ascii('IQUI '), ascii('ISID ')];
const OF_PEERS = [ascii('CGET file '), ascii('CGET list '), ascii('CGET tthl ')];
const MOST_LINES = 8;

export function probeAdc(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const first = octets[0];
  if (first === undefined) return Probe.More;
  const begins = first === C || (direction === Direction.ToServer ? first === H : first === I);
  if (!begins && !(midstream && first >= 0x42 && first <= 0x49)) return Probe.No;
  const end = Math.min(octets.length, ADC_PROBE_LIMIT);
  const answer = begins ? supports(octets, end) : Probe.No;
  if (answer === Probe.Yes) return Probe.Yes;
  const middle = midstream ? inTheMiddle(direction, octets, end) : answer;
  return middle === Probe.More && octets.length >= ADC_PROBE_LIMIT ? Probe.No : middle;
}

function supports(octets: Uint8Array, end: number): Probe {
  const length = Math.min(SUP.length, end - 1);
  for (let i = 0; i < length; i++) if (octets[i + 1] !== SUP[i]) return Probe.No;
  const last = lineEnd(octets, 0, end);
  for (let i = 5; i + BASE.length <= (last === -1 ? end : last); i++) {
    if (octets[i] === 0x41 && startsWith(octets, i, BASE)) return Probe.Yes;
  }
  return last === -1 ? Probe.More : Probe.No;
}

function inTheMiddle(direction: Direction, octets: Uint8Array, end: number): Probe {
  let at = 0;
  for (let lines = 0; lines < MOST_LINES && at < end; lines++) {
    const last = lineEnd(octets, at, end);
    if (last === -1) return mayBegin(octets, at, end) ? Probe.More : Probe.No;
    const answer = line(direction, octets, at, last);
    if (answer !== Probe.More) return answer;
    at = last + 1;
  }
  return Probe.More;
}

/** More: a line that tells nothing. */
function line(direction: Direction, octets: Uint8Array, at: number, end: number): Probe {
  if (at === end) return Probe.More; // keep-alive
  if (!mayBegin(octets, at, end) || end - at < 4) return Probe.No;
  if (isOneOf(octets, at, end, OF_HUBS) && isSid(octets, at + 5, end))
    return direction === Direction.ToClient ? Probe.Yes : Probe.No;
  if (isOneOf(octets, at, end, ONE_SID)) return isSid(octets, at + 5, end) ? Probe.Yes : Probe.No;
  if (isOneOf(octets, at, end, TWO_SIDS)) {
    return isSid(octets, at + 5, end) && isSid(octets, at + 10, end) ? Probe.Yes : Probe.No;
  }
  return isOneOf(octets, at, end, OF_PEERS) ? Probe.Yes : Probe.More;
}

/** A type, and as much as there is of three capital letters or digits and a space. */
function mayBegin(octets: Uint8Array, at: number, end: number): boolean {
  const type = octets[at] ?? 0;
  if (type < 0x42 || type > 0x49 || type === 0x47) return false;
  for (let i = at + 1; i < Math.min(end, at + 4); i++) {
    const c = octets[i] ?? 0;
    if ((c < 0x41 || c > 0x5a) && (i === at + 1 || c < 0x30 || c > 0x39)) return false;
  }
  return end <= at + 4 || octets[at + 4] === SPACE;
}

/** Four characters of base 32, and a space or the end. */
function isSid(octets: Uint8Array, at: number, end: number): boolean {
  if (at + 4 > end) return false;
  for (let i = at; i < at + 4; i++) {
    const c = octets[i] ?? 0;
    if ((c < 0x41 || c > 0x5a) && (c < 0x32 || c > 0x37)) return false;
  }
  return at + 4 === end || octets[at + 4] === SPACE;
}

function lineEnd(octets: Uint8Array, at: number, end: number): number {
  const lf = octets.indexOf(LF, at);
  return lf === -1 || lf >= end ? -1 : lf;
}
