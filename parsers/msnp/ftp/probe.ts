/** Both sides of an MSNFTP connection begin with `VER MSNFTP` (dossier §7). */
import { ascii } from '../../../src/bytes/text.ts';
import { type Direction, Probe } from '../../contract.ts';

const GREETING = ascii('VER MSNFTP');
const CR = 0x0d;
const LF = 0x0a;
export const PROBE_LIMIT = GREETING.length + 1;

export function probeMsnftp(_direction: Direction, octets: Uint8Array, _midstream: boolean): Probe {
  for (let i = 0; i < GREETING.length; i++) {
    if (i >= octets.length) return Probe.More;
    if (octets[i] !== GREETING[i]) return Probe.No;
  }
  if (octets.length === GREETING.length) return Probe.More;
  const end = octets[GREETING.length];
  return end === CR || end === LF ? Probe.Yes : Probe.No;
}
