/**
 * One SIP message, read in place (RFC 3261 §7). Header fields are found by name or compact form (§7.3.3),
 * and only those that are asked for become strings.
 */
import { utf8 } from '../../src/bytes/text.ts';
import { HeaderBlock } from '../framing/header-block.ts';
import { type NameAddress, nameAddress } from '../framing/sip-address.ts';

const NOTHING = new Uint8Array(0);
const LF = 0x0a;
const CR = 0x0d;

const COMPACT: Readonly<Record<string, string>> = {
  via: 'v',
  from: 'f',
  to: 't',
  'call-id': 'i',
  contact: 'm',
  'content-length': 'l',
  'content-type': 'c',
  'content-encoding': 'e',
  subject: 's',
  event: 'o',
  'refer-to': 'r',
  'referred-by': 'b',
};

export class SipMessage {
  buffer: Uint8Array = NOTHING;
  headStart = 0;
  bodyStart = 0;
  bodyEnd = 0;
  /** Of a request; of a response, the method in its CSeq. */
  method = '';
  isRequest = false;
  uri = '';
  status = 0;
  reason = '';
  version = '';
  readonly headers = new HeaderBlock();
  #from: NameAddress | undefined = undefined;
  #to: NameAddress | undefined = undefined;
  #callId: string | undefined = undefined;

  /** Reads the head at buffer[start, headEnd), the body is empty until `setBody`. False: no message. */
  read(buffer: Uint8Array, start: number, headEnd: number): boolean {
    this.buffer = buffer;
    this.headStart = start;
    this.bodyStart = headEnd;
    this.bodyEnd = headEnd;
    this.#from = undefined;
    this.#to = undefined;
    this.#callId = undefined;
    const lf = buffer.indexOf(LF, start);
    if (lf === -1 || lf >= headEnd) return false;
    const line = utf8(buffer, start, buffer[lf - 1] === CR ? lf - 1 : lf).trimEnd();
    this.headers.read(buffer, lf + 1, headEnd);
    return this.#startLine(line);
  }

  /** Nothing lent is kept. */
  clear(): void {
    this.buffer = NOTHING;
    this.headers.clear();
  }

  header(name: string): string | undefined {
    const long = this.headers.value(name);
    if (long !== undefined) return long;
    const compact = COMPACT[name];
    return compact === undefined ? undefined : this.headers.value(compact);
  }

  /** All fields of that name, in order where one form is used throughout. */
  all(name: string): string[] {
    const compact = COMPACT[name];
    const found = this.headers.values(name);
    return compact === undefined ? found : [...found, ...this.headers.values(compact)];
  }

  get from(): NameAddress {
    this.#from ??= nameAddress(this.header('from') ?? '');
    return this.#from;
  }

  get to(): NameAddress {
    this.#to ??= nameAddress(this.header('to') ?? '');
    return this.#to;
  }

  get callId(): string {
    this.#callId ??= this.header('call-id') ?? '';
    return this.#callId;
  }

  /** Number of CSeq as written; '' where there is none. */
  get sequence(): string {
    return /^(\d{1,10})\s/.exec(this.header('cseq') ?? '')?.[1] ?? '';
  }

  get sequenceMethod(): string {
    return /^\d{1,10}\s+(\S{1,32})/.exec(this.header('cseq') ?? '')?.[1] ?? '';
  }

  /** A request inside a dialog has the tag of the other side. */
  get isInDialog(): boolean {
    return this.to.parameters.has('tag');
  }

  get bodyLength(): number {
    return this.bodyEnd - this.bodyStart;
  }

  #startLine(line: string): boolean {
    const response = /^SIP\/(\d{1,3}\.\d{1,3}) +(\d{3})(?: (.*))?$/.exec(line);
    if (response !== null) {
      this.isRequest = false;
      this.version = response[1] ?? '';
      this.status = Number(response[2]);
      this.reason = (response[3] ?? '').trim();
      this.uri = '';
      this.method = this.sequenceMethod;
      return true;
    }
    const request = /^([\w.!%*+`'~-]{1,32}) +(\S.*?) +SIP\/(\d{1,3}\.\d{1,3})$/.exec(line);
    if (request === null) return false;
    this.isRequest = true;
    this.method = request[1] ?? '';
    this.uri = request[2] ?? '';
    this.version = request[3] ?? '';
    this.status = 0;
    this.reason = '';
    return true;
  }
}
