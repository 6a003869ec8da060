/**
 * Where wstunnel goes (github.com/erebe/wstunnel, version 7 and later): among the subprotocols stands
 *
 *   authorization.bearer.<header>.<payload>.<signature>      a JSON Web Token (RFC 7519), base64url
 *
 * whose payload names the host as `r` and the port as `rp`.
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, utf8 } from '../../src/bytes/text.ts';
import { authorityName } from '../framing/authority.ts';

const BEARER = 'authorization.bearer.';
const TOKEN_LIMIT = 4096; // characters
const TARGET = /"r"\s*:\s*"([^"\\]{1,253})"/;

/** Its name; empty where it is an address or not told; undefined where it is not wstunnel. */
export function wstunnelTarget(subprotocols: readonly string[]): string | undefined {
  const bearer = subprotocols.find((name) => name.startsWith(BEARER));
  if (bearer === undefined || bearer.length > TOKEN_LIMIT) return undefined;
  const payload = bearer.slice(BEARER.length).split('.', 2)[1];
  if (payload === undefined || !/^[\w-]+$/.test(payload)) return undefined;
  const digits = ascii(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const octets = decodeBase64(digits, 0, digits.length);
  if (octets === undefined) return undefined;
  const target = TARGET.exec(utf8(octets, 0, octets.length))?.[1];
  return target === undefined ? undefined : (authorityName(target) ?? '');
}
