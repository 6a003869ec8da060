/** Is it MSNP over the HTTP gateway? By the path of the first request, or the header of the first answer. */
import { ascii, spells, startsWith } from '../../../src/bytes/text.ts';
import { Direction, Probe } from '../../contract.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 2048;

const POST = ascii('POST ');
const HTTP = ascii('HTTP/1.');
const PATH = ascii('/GATEWAY/GATEWAY.DLL');
const FIELD = ascii('X-MSN-MESSENGER:');
const LF = 0x0a;
const SPACE = 0x20;
const SLASH = 0x2f;
/** Octets of a request's target. */
const TARGET_LIMIT = 512;

export function probeGateway(direction: Direction, octets: Uint8Array): Probe {
  return direction === Direction.ToServer ? request(octets) : answer(octets);
}

function request(octets: Uint8Array): Probe {
  if (!begins(octets, POST)) return Probe.No;
  const most = Math.min(octets.length, POST.length + TARGET_LIMIT);
  for (let at = POST.length; at < most; at++) {
    const octet = octets[at] ?? 0;
    if (octet <= SPACE) return Probe.No;
    if (octet === SLASH && spells(octets, at, at + PATH.length, PATH)) {
      const after = octets[at + PATH.length];
      if (after === undefined) return Probe.More;
      return after === SPACE || after === 0x3f ? Probe.Yes : Probe.No;
    }
  }
  return most < POST.length + TARGET_LIMIT ? Probe.More : Probe.No;
}

function answer(octets: Uint8Array): Probe {
  if (!begins(octets, HTTP)) return Probe.No;
  let at = octets.indexOf(LF) + 1;
  while (at > 0) {
    const lf = octets.indexOf(LF, at);
    if (lf === -1) break;
    // The empty line: a head without the field.
    if (lf - at < 2) return Probe.No;
    if (spells(octets, at, at + FIELD.length, FIELD)) return Probe.Yes;
    at = lf + 1;
  }
  return octets.length < PROBE_LIMIT ? Probe.More : Probe.No;
}

/** As far as there are octets. */
function begins(octets: Uint8Array, word: Uint8Array): boolean {
  if (octets.length >= word.length) return startsWith(octets, 0, word);
  for (let i = 0; i < octets.length; i++) if (octets[i] !== word[i]) return false;
  return true;
}
