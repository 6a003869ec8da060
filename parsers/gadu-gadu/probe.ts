/**
 * Is it Gadu-Gadu? The server speaks first, with a welcome of exactly twelve octets; the client then signs in
 * with one of the login packets, whose fields tell (dossier §2). A welcome alone is not enough: other
 * protocols begin with 01 00 00 00; behind it the server answers a sign-in. Picked up in the middle, two
 * packets of known types and sizes whose fields fit must follow each other: messages of 8.0, or two
 * different types of which one's size says something.
 */
import { i32le } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { HEADER, hasSense } from './frames.ts';
import { hasOneSize, isKnownSize, isLogin, ToClient, ToServer } from './packet-type.ts';
import { isStatus } from './status.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 4096;

const ENOUGH = 2; // packets
const LONGEST_LOGIN = 4096; // octets
/** Of the version: its number, 0x10 (4.0) to 0x2d (8.0), and flags above (audio: 0x40000000). */
const OLDEST_VERSION = 0x0b;
const VERSION_FLAGS = 0x0fff_ffc0;
const WELCOME = Uint8Array.of(1, 0, 0, 0, 4, 0, 0, 0);

export function probeGadu(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  const first = octets[0];
  if (first === undefined) return Probe.More;
  if (midstream) return probePackets(direction, octets, 0);
  return direction === Direction.ToServer ? probeLogin(octets, first) : probeWelcome(octets);
}

function probeWelcome(octets: Uint8Array): Probe {
  const there = Math.min(octets.length, WELCOME.length);
  for (let i = 0; i < there; i++) if (octets[i] !== WELCOME[i]) return Probe.No;
  return octets.length <= 12 ? Probe.More : probePackets(Direction.ToClient, octets, 12);
}

function probeLogin(octets: Uint8Array, type: number): Probe {
  if (!isLogin(type)) return Probe.No;
  for (let i = 1; i < 4 && i < octets.length; i++) if (octets[i] !== 0) return Probe.No;
  if (octets.length < HEADER) return Probe.More;
  const size = i32le(octets, 4) >>> 0;
  if (size > LONGEST_LOGIN || !isKnownSize(0, type, size)) return Probe.No;
  if (octets.length < HEADER + Math.min(size, 100)) return Probe.More;
  return fieldsFit(octets, type, size) ? Probe.Yes : Probe.No;
}

function fieldsFit(octets: Uint8Array, type: number, size: number): boolean {
  const at = HEADER;
  switch (type) {
    case ToServer.Login:
    case ToServer.LoginExt:
      // No more than a description behind it.
      return oldFieldsFit(octets, at) && size < 200;
    case ToServer.Login60:
      return oldFieldsFit(octets, at) && octets[at + 16] === 0;
    case ToServer.Login70:
    case ToServer.Login80Beta:
      return isHashType(octets[at + 4]) && isStatus(i32le(octets, at + 69));
    case ToServer.Login80:
      return (
        isLetter(octets[at + 4]) &&
        isLetter(octets[at + 5]) &&
        isHashType(octets[at + 6]) &&
        isStatus(i32le(octets, at + 71))
      );
    default:
      // Protobuf: field 1, two letters of a language; field 2, octets.
      return (
        octets[at] === 0x0a &&
        octets[at + 1] === 2 &&
        isLetter(octets[at + 2]) &&
        isLetter(octets[at + 3]) &&
        octets[at + 4] === 0x12
      );
  }
}

/** UIN, hash, status, version: a hash of 32 bits is hardly ever small, as other protocols' numbers are. */
function oldFieldsFit(octets: Uint8Array, at: number): boolean {
  const version = i32le(octets, at + 12);
  return (
    i32le(octets, at) > 0 &&
    i32le(octets, at + 4) >>> 16 !== 0 &&
    isStatus(i32le(octets, at + 8)) &&
    (version & VERSION_FLAGS) === 0 &&
    (version & 0xff) >= OLDEST_VERSION
  );
}

function isHashType(octet: number | undefined): boolean {
  return octet === 1 || octet === 2;
}

function isLetter(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x61 && octet <= 0x7a;
}

function probePackets(direction: Direction, octets: Uint8Array, from: number): Probe {
  let at = from;
  let packets = 0;
  let firstType = -1;
  let sized = false;
  let strong = false;
  while (at < octets.length) {
    // Types fill one octet, sizes two.
    for (const zero of ZEROS) {
      if (at + zero < octets.length && octets[at + zero] !== 0) return Probe.No;
    }
    if (at + HEADER > octets.length) break;
    const type = octets[at] ?? 0;
    const size = i32le(octets, at + 4) >>> 0;
    if (!isKnownSize(direction, type, size)) return Probe.No;
    const next = at + HEADER + size;
    if (next > octets.length) break;
    if (!hasSense(direction, type, octets, at + HEADER, next)) return Probe.No;
    at = next;
    if (from > 0) {
      if (isLoginAnswer(type)) return Probe.Yes;
      continue;
    }
    if (size === 0) continue; // a ping says nothing
    packets += 1;
    if (firstType === -1) firstType = type;
    strong ||= isMessage80(direction, type);
    sized ||= hasOneSize(direction, type);
    if (packets >= ENOUGH && (strong || (sized && type !== firstType))) return Probe.Yes;
  }
  return octets.length >= PROBE_LIMIT ? Probe.No : Probe.More;
}

const ZEROS: readonly number[] = [1, 2, 3, 6, 7];

function isMessage80(direction: Direction, type: number): boolean {
  return direction === Direction.ToServer
    ? type === ToServer.SendMessage80
    : type === ToClient.Message80;
}

function isLoginAnswer(type: number): boolean {
  return (
    type === ToClient.LoginOk ||
    type === ToClient.Login80Ok ||
    type === ToClient.Login110Ok ||
    type === ToClient.LoginFailed ||
    type === ToClient.Login80Failed
  );
}
