/** The parts of a URL in an offer that say where its data will pass. */
import { percentDecoded } from '../framing/http-head.ts';
import { URL_LIMIT } from './ymsg-limits.ts';

export interface UrlParts {
  /** Numeric IPv4 or IPv6 address; undefined where the host is a name. */
  readonly address: string | undefined;
  readonly port: number;
  /** Path and query, as a request line has them. */
  readonly target: string;
  /** Last part of the path, escapes undone; undefined where it is empty. */
  readonly name: string | undefined;
}

const URL = /^http:\/\/(?:\[([0-9a-f:.]{2,45})\]|([^/?#:@\s]{1,255}))(?::(\d{1,5}))?(\/\S*)?$/i;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** Undefined where it is none, or longer than is kept. */
export function urlParts(url: string): UrlParts | undefined {
  const parts = url.length > URL_LIMIT ? null : URL.exec(url);
  if (parts === null) return undefined;
  const [, six, host, port, target = '/'] = parts;
  const path = target.split(/[?#]/, 1)[0] ?? '';
  const name = percentDecoded(path.slice(path.lastIndexOf('/') + 1));
  return {
    address: six ?? (host !== undefined && IPV4.test(host) ? host : undefined),
    port: port === undefined ? 80 : Number(port),
    target: target.split('#', 1)[0] ?? target,
    name: name === '' ? undefined : name,
  };
}
