/** The head of one HTTP/1 message, readable while it is being told (RFC 9112 §2 to §6). */
import { find } from '../../src/bytes/find.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { HeaderBlock } from './header-block.ts';

const LF = 0x0a;

/** How the body ends. */
export const Body = { None: 0, Length: 1, Chunked: 2, UntilEnd: 3 } as const;
export type Body = (typeof Body)[keyof typeof Body];

export class HttpHead {
  /** Requests: `POST`, `/path?query`; empty in responses. */
  method = '';
  target = '';
  /** Responses: 200; 0 in requests. */
  status = 0;
  /** `HTTP/1.1`; `HTTP/0.9` for a request line without a version. */
  version = '';
  readonly fields = new HeaderBlock();
  /** Stream offsets of the head: [from, to). */
  from = 0;
  to = 0;
  /** Octets announced; -1 where they are not. */
  contentLength = -1;
  chunked = false;

  /**
   * Reads buffer[start, end), which ends with the empty line. False where it is no head of that kind.
   */
  read(buffer: Uint8Array, start: number, end: number, isRequest: boolean): boolean {
    let at = start;
    // A robust reader passes over empty lines before the start line (RFC 9112 §2.2).
    while (at < end && (buffer[at] === 0x0d || buffer[at] === LF)) at++;
    const found = find(buffer, LF, at, end);
    const stop = found === -1 ? end : found;
    const line = utf8(buffer, at, stop).trimEnd();
    if (!(isRequest ? this.#request(line) : this.#response(line))) return false;
    this.fields.read(buffer, Math.min(stop + 1, end), end);
    this.chunked = /(?:^|,)\s*chunked\s*$/i.test(this.fields.value('transfer-encoding') ?? '');
    this.contentLength = this.fields.decimal('content-length') ?? -1;
    return true;
  }

  /** How the body of this message ends; `method` is that of the request it answers, where known. */
  body(method: string | undefined): Body {
    if (this.status > 0) {
      if (method === 'HEAD' || this.status < 200 || this.status === 204 || this.status === 304) {
        return Body.None;
      }
      if (method === 'CONNECT' && this.status < 300) return Body.None;
    }
    if (this.chunked) return Body.Chunked;
    if (this.contentLength >= 0) return this.contentLength === 0 ? Body.None : Body.Length;
    return this.status > 0 ? Body.UntilEnd : Body.None;
  }

  /** More than one length, or a length beside chunks: receivers may not agree where the body ends (RFC 9112 §6.3). */
  get ambiguous(): boolean {
    const lengths = this.fields.count('content-length');
    if (lengths > 1) return new Set(this.fields.values('content-length')).size > 1;
    return lengths === 1 && (this.chunked || this.contentLength === -1);
  }

  /** The path of the target, without scheme, host and query. */
  get path(): string {
    const bare = this.target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, '');
    const query = bare.indexOf('?');
    return query === -1 ? bare : bare.slice(0, query);
  }

  /** A parameter of the query, percent- and plus-escapes undone; undefined where it is absent. */
  parameter(name: string): string | undefined {
    const query = this.target.indexOf('?');
    if (query === -1) return undefined;
    for (const pair of this.target.slice(query + 1).split('&')) {
      const equals = pair.indexOf('=');
      const key = equals === -1 ? pair : pair.slice(0, equals);
      if (key.toLowerCase() !== name.toLowerCase()) continue;
      return percentDecoded(equals === -1 ? '' : pair.slice(equals + 1).replaceAll('+', ' '));
    }
    return undefined;
  }

  clear(): void {
    this.fields.clear();
  }

  #request(line: string): boolean {
    const parts = /^([A-Z][A-Z0-9_-]{0,31}) (\S{1,8192})(?: (HTTP\/1\.\d))?$/.exec(line);
    if (parts === null) return false;
    this.method = parts[1] ?? '';
    this.target = parts[2] ?? '';
    this.version = parts[3] ?? 'HTTP/0.9';
    this.status = 0;
    return true;
  }

  #response(line: string): boolean {
    const parts = /^(HTTP\/1\.\d) ([1-9]\d\d)(?: .*)?$/.exec(line);
    if (parts === null) return false;
    this.method = '';
    this.target = '';
    this.version = parts[1] ?? '';
    this.status = Number(parts[2]);
    return true;
  }
}

/** Percent escapes undone as UTF-8; those that are none stay as they are. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      const octets = Uint8Array.from(run.slice(1).split('%'), (digits) =>
        Number.parseInt(digits, 16),
      );
      return utf8(octets, 0, octets.length);
    });
  }
}
