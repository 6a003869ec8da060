/**
 * Can it be Threema? Its client begins with 48 octets that are a key and a cookie, and waits: nothing but their number
 * tells them from others, so the parser waits for the server before it says anything.
 */
import { Direction, Probe } from '../contract.ts';
import { mayBeRandom } from '../framing/random-octets.ts';
import { CLIENT_HELLO, CLIENT_LOGIN, SERVER_ACK, SERVER_HELLO } from './handshake-sizes.ts';

/** More than what decides: an answer that stands must stand when more has come. */
export const PROBE_LIMIT = 4096;

export function probeThreema(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (midstream) return Probe.No;
  const toServer = direction === Direction.ToServer;
  const hello = toServer ? CLIENT_HELLO : SERVER_HELLO;
  const next = hello + (toServer ? CLIENT_LOGIN : SERVER_ACK);
  const { length } = octets;
  if (length > hello && length < next) return Probe.No;
  if (!mayBeRandom(octets, 0, Math.min(length, hello))) return Probe.No;
  return toServer && length >= hello ? Probe.Yes : Probe.More;
}
