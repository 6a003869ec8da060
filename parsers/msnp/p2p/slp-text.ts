/**
 * MSNSLP: text like SIP's, ended by NUL (dossier §8).
 *
 *   INVITE MSNMSGR:bob@x MSNSLP/1.0        or   MSNSLP/1.0 603 Decline
 *   To: <msnmsgr:bob@x>   From: <msnmsgr:ann@x>   Via: MSNSLP/1.0/TLP ;branch={GUID}
 *   CSeq: 0   Call-ID: {GUID}   Content-Type: application/x-msnmsgr-…   Content-Length: n
 *
 *   a second block of fields, as the content type says
 */
import { find } from '../../../src/bytes/find.ts';
import { ascii, startsWith, utf8 } from '../../../src/bytes/text.ts';
import { HeaderBlock } from '../../framing/header-block.ts';

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = new Uint8Array(0);
export const INVITE = ascii('INVITE');
const TYPE = ascii('Content-Type: ');
export const SESSION_REQUEST = 'application/x-msnmsgr-sessionreqbody';
const START_LINE_LIMIT = 1024; // octets: a method, two addresses' worth, a version
const REQUEST = /^([A-Z]{2,16}) MSNMSGR:(\S{0,512}) MSNSLP\/\d{1,3}\.\d{1,3}\s*$/i;
const RESPONSE = /^MSNSLP\/\d{1,3}\.\d{1,3} (\d{3})(?: ([^\r\n]{0,200}))?\s*$/i;
const ADDRESS = /^<?(?:msnmsgr:)?([^<>;\s]{1,512})/i;
const BRANCH = /branch=(\{?[0-9a-fA-F-]{1,64}\}?)/i;

export class SlpText {
  /** Upper case; '' for a response. */
  method = '';
  /** 0 for a request. */
  status = 0;
  phrase = '';
  readonly headers = new HeaderBlock();
  readonly body = new HeaderBlock();
  /** The empty line after the headers, and after the body's fields, was there. */
  hasBody = false;
  /** Lower case, without parameters; '' where there is none. */
  contentType = '';
  /** The first line is no request of this protocol; libpurple looks at its first word only. */
  lax = false;
  #buffer: Uint8Array = NOTHING;
  #start = 0;
  #stop = 0;

  /** False where buffer[start, end) is no MSNSLP. Everything is kept until `clear`. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    const zero = find(buffer, 0, start, end);
    const stop = zero === -1 ? end : zero;
    const lf = find(buffer, LF, start, stop);
    if (lf === -1) return false;
    const line = utf8(buffer, start, Math.min(lf, start + START_LINE_LIMIT));
    const request = REQUEST.exec(line);
    const response = request === null ? RESPONSE.exec(line) : null;
    this.lax = request === null && startsWith(buffer, start, INVITE);
    if (request === null && response === null && !this.lax) return false;
    this.method = this.lax ? 'INVITE' : (request?.[1]?.toUpperCase() ?? '');
    this.#buffer = buffer;
    this.#start = start;
    this.#stop = stop;
    this.status = Number(response?.[1] ?? 0);
    this.phrase = response?.[2]?.trim() ?? '';
    const bodyStart = this.headers.read(buffer, lf + 1, stop);
    this.hasBody = bodyStart !== -1;
    const type = this.headers.value('content-type') ?? '';
    this.contentType = (type.split(';')[0] ?? '').trim().toLowerCase();
    if (this.method === 'INVITE') this.#looseType();
    this.body.read(buffer, this.hasBody ? bodyStart : stop, stop);
    return true;
  }

  clear(): void {
    this.headers.clear();
    this.body.clear();
    this.#buffer = NOTHING;
  }

  /**
   * What stands behind the first of these words up to the end of its line, wherever in the text that is: so
   * libpurple finds its fields. [start, end) of the buffer read.
   */
  loosely(words: Uint8Array): readonly [number, number] | undefined {
    const [first = 0] = words;
    const buffer = this.#buffer;
    let at = find(buffer, first, this.#start, this.#stop);
    while (at !== -1 && !startsWith(buffer, at, words)) {
      at = find(buffer, first, at + 1, this.#stop);
    }
    if (at === -1) return undefined;
    const from = at + words.length;
    let end = from;
    while (end < this.#stop && buffer[end] !== CR && buffer[end] !== LF) end++;
    return end < from ? undefined : [from, end];
  }

  /** A session request, if the type says so anywhere. */
  #looseType(): void {
    if (this.contentType === SESSION_REQUEST) return;
    const range = this.loosely(TYPE);
    if (range === undefined || utf8(this.#buffer, ...range) !== SESSION_REQUEST) return;
    this.contentType = SESSION_REQUEST;
    this.lax = true;
  }

  /** Lower case, as written otherwise; undefined where it is missing. */
  get callId(): string | undefined {
    return this.headers.value('call-id')?.toLowerCase() || undefined;
  }

  get branch(): string | undefined {
    return BRANCH.exec(this.headers.value('via') ?? '')?.[1]?.toLowerCase();
  }

  get from(): string | undefined {
    return addressOf(this.headers.value('from'));
  }

  get to(): string | undefined {
    return addressOf(this.headers.value('to'));
  }

  /** The body's session; 0 where it names none. */
  get session(): number {
    const session = this.body.decimal('sessionid') ?? 0;
    return session <= 0xffff_ffff ? session : 0;
  }
}

/** `<msnmsgr:Ann@x;{guid}>` and `Ann@x;{guid}` are ann@x. */
export function addressOf(text: string | undefined): string | undefined {
  return ADDRESS.exec(text ?? '')?.[1]?.toLowerCase();
}
