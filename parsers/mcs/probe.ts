/** Is it Google's push connection in clear? A version, and a LoginRequest to the domain that all of them name. */
import { Direction, Probe } from '../contract.ts';
import { LOGIN_REQUEST, VERSION_FIRST, VERSION_LAST, varintAt } from './frame-rules.ts';

export const PROBE_LIMIT = 512;

const DOMAIN = 'mcs.android.com';
const ID_MOST = 128; // octets of the client's name of itself
const LENGTH_MOST = 16384; // of a LoginRequest, which lists what was received

export function probeMcs(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream || direction === Direction.ToClient) return Probe.No;
  const end = octets.length;
  const version = octets[0] ?? VERSION_FIRST;
  if (version < VERSION_FIRST || version > VERSION_LAST) return Probe.No;
  if (end > 1 && octets[1] !== LOGIN_REQUEST) return Probe.No;
  const length = varintAt(octets, 2, end);
  if (length === undefined) return Probe.More;
  if (length.value < DOMAIN.length || length.value > LENGTH_MOST) return Probe.No;
  const id = length.end;
  if (end > id && octets[id] !== 0x0a) return Probe.No; // field 1, length-delimited
  if (end < id + 2) return Probe.More;
  const idLength = octets[id + 1] ?? 0;
  if (idLength > ID_MOST) return Probe.No;
  const domain = id + 2 + idLength;
  if (end > domain && octets[domain] !== 0x12) return Probe.No; // field 2
  if (end > domain + 1 && octets[domain + 1] !== DOMAIN.length) return Probe.No;
  for (let i = 0; i < DOMAIN.length; i++) {
    if (end <= domain + 2 + i) return Probe.More;
    if (octets[domain + 2 + i] !== DOMAIN.charCodeAt(i)) return Probe.No;
  }
  return Probe.Yes;
}
