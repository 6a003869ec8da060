/**
 * Which hosts a request names (RFC 9112 §3.2): the target in absolute form, which goes before the Host field
 * (§3.2.2), and the Host field. Where both are there and differ, what is in between may go by either.
 */
import { authorityName } from './authority.ts';
import type { HttpHead } from './http-head.ts';

export interface HttpTarget {
  /** Best first; without addresses. */
  readonly hosts: readonly string[];
  /** In absolute form: spoken to a proxy, which may go elsewhere with the next request. */
  readonly viaProxy: boolean;
  /** Names that should be one and are not. */
  readonly mismatch: boolean;
}

const HOST_FIELDS = 4; // looked at; one is allowed
const ABSOLUTE = /^https?:\/\/(?:[^/?#@]*@)?([^/?#@]*)/i;

export function httpTarget(head: HttpHead): HttpTarget {
  const absolute = ABSOLUTE.exec(head.target);
  const hosts: string[] = [];
  let mismatch = false;
  const say = (text: string) => {
    const name = authorityName(text);
    if (name === undefined || hosts.includes(name)) return;
    mismatch = hosts.length > 0;
    hosts.push(name);
  };
  if (absolute?.[1] !== undefined) say(absolute[1]);
  for (const value of head.fields.values('host').slice(0, HOST_FIELDS)) say(value);
  return { hosts, viaProxy: absolute !== null, mismatch };
}
