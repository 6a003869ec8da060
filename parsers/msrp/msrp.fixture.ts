/** MSRP requests and responses for tests, and a session that SIP announced. */
import { octets } from '../../test/support/parser-harness.ts';
import type { SharedMemory } from '../contract.ts';
import { MsrpSession, MsrpSide, msrpKey, type OfferedFile } from '../framing/msrp-session.ts';

export const ANN = 'ann@e.example';
export const BOB = 'bob@e.example';
/** Ann made the offer and connects; bob listens. */
export const ANN_PATH = 'msrp://10.0.0.1:2855/anns;tcp';
export const BOB_PATH = 'msrp://bob.e.example:2856/b0b;tcp';

export const ANN_TO_BOB = {
  origin: 'client',
  account: ANN,
  from: ANN,
  to: [BOB],
  route: 'direct',
} as const;
export const BOB_TO_ANN = {
  origin: 'server',
  account: ANN,
  from: BOB,
  to: [ANN],
  route: 'direct',
} as const;

type Headers = Readonly<Record<string, string>>;

export interface Chunk {
  readonly headers?: Headers;
  readonly flag?: '$' | '+' | '#';
  /** Offset of the first octet, and octets of the whole message. */
  readonly from?: number;
  readonly total?: number | '*';
  readonly type?: string;
  readonly messageId?: string;
}

/** A SEND of ann's (a transaction that begins with `a`) or bob's. */
export function send(id: string, body: string, chunk: Chunk = {}): string {
  const { headers = {}, flag = '$', from = 0, type = 'text/plain', messageId = 'm1' } = chunk;
  const length = octets(body).length;
  const total = chunk.total ?? from + length;
  const all: Headers = {
    'Message-ID': messageId,
    'Byte-Range': `${from + 1}-${from + length}/${total}`,
    ...headers,
  };
  const content = body === '' ? '' : `Content-Type: ${type}\r\n\r\n${body}\r\n`;
  return `${start(id, 'SEND')}${lines(all)}${content}-------${id}${flag}\r\n`;
}

/** Another request, or an answer (`200 OK`): without a body. */
export function other(id: string, line: string, headers: Headers = {}): string {
  return `${start(id, line)}${lines(headers)}-------${id}$\r\n`;
}

function start(id: string, line: string): string {
  // An answer goes back to who asked.
  const byAnn = id.startsWith('a') !== /^\d/.test(line);
  const [to, from] = byAnn ? [BOB_PATH, ANN_PATH] : [ANN_PATH, BOB_PATH];
  return `MSRP ${id} ${line}\r\nTo-Path: ${to}\r\nFrom-Path: ${from}\r\n`;
}

function lines(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

/** What SIP leaves in the shared memory: made anew for each run that asks for it. */
export function announced(
  file?: Partial<OfferedFile>,
  room?: string,
): { readonly memory: SharedMemory } {
  return {
    get memory() {
      return memoryOf(file, room);
    },
  };
}

function memoryOf(file: Partial<OfferedFile> | undefined, room: string | undefined): SharedMemory {
  const offered: OfferedFile | undefined = file && {
    name: 'plan.pdf',
    size: 10,
    mime: 'application/pdf',
    sha1: undefined,
    token: 'ft1',
    offset: 0,
    purpose: undefined,
    offererSends: true,
    ...file,
  };
  const session = new MsrpSession(ANN, ANN, room ?? BOB, true, offered);
  session.room = room;
  const memory = new Map<string, unknown>();
  memory.set(msrpKey(ANN_PATH) ?? '', new MsrpSide(session, true));
  memory.set(msrpKey(BOB_PATH) ?? '', new MsrpSide(session, false));
  return memory;
}
