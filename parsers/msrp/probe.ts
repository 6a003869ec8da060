/**
 * Is it MSRP? A whole start line and a To-Path behind it, in either direction: who connects need not be
 * who speaks first (RFC 4975 §5.4). A flow picked up inside a chunk is not recognised: content is anything.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import { type Direction, Probe } from '../contract.ts';
import { MsrpLine, msrpLineAt } from './start-line.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = 512;

const TO_PATH = ascii('To-Path:');
const LF = 0x0a;

export function probeMsrp(_direction: Direction, octets: Uint8Array): Probe {
  const found = msrpLineAt(octets, 0, octets.length);
  if (found === MsrpLine.None || octets.length >= PROBE_LIMIT + TO_PATH.length) {
    return found >= MsrpLine.Request && startsWith(octets, afterLine(octets), TO_PATH)
      ? Probe.Yes
      : Probe.No;
  }
  if (found === MsrpLine.More) return Probe.More;
  const next = afterLine(octets);
  const most = Math.min(TO_PATH.length, octets.length - next);
  for (let i = 0; i < most; i++) if (octets[next + i] !== TO_PATH[i]) return Probe.No;
  return most === TO_PATH.length ? Probe.Yes : Probe.More;
}

function afterLine(octets: Uint8Array): number {
  return octets.indexOf(LF) + 1;
}
