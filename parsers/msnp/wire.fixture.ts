/** Wire of MSNP for tests: payload commands with their lengths counted. */
import { joined, octets } from '../../test/support/parser-harness.ts';

export const ALICE = 'alice@retro.test';
export const BOB = 'bob@retro.test';
export const CAROL = 'carol@retro.test';

/** `line` with the payload's length behind it, and the payload. Text is UTF-8. */
export function carried(line: string, payload: string | Uint8Array): Uint8Array {
  const body = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return joined(octets(`${line} ${body.length}\r\n`), body);
}

export function mime(type: string, body: string, headers = ''): string {
  return `MIME-Version: 1.0\r\nContent-Type: ${type}\r\n${headers}\r\n${body}`;
}

export function plain(body: string, headers = ''): string {
  return mime('text/plain; charset=UTF-8', body, headers);
}

/** Alice signs in with MSNP15. */
export const SIGN_IN = {
  client: 'VER 1 MSNP15 CVR0\r\nUSR 3 SSO I Alice@retro.test\r\n',
  server: 'VER 1 MSNP15\r\nUSR 3 SSO S MBI_KEY_OLD nonce\r\nUSR 4 OK alice@retro.test 1 0\r\n',
} as const;

/** What every event of a signed-in Alice has. */
export const CLIENT = { origin: 'client', account: ALICE } as const;
export const SERVER = { origin: 'server', account: ALICE } as const;
export const CLIENT_15 = { ...CLIENT, protocolVersion: '15' } as const;
export const SERVER_15 = { ...SERVER, protocolVersion: '15' } as const;

export const SIGNED_IN = { kind: 'session.login', ...SERVER_15, from: ALICE } as const;

/** Alice in a conversation with Bob. */
export const OPEN = {
  client: 'USR 1 alice@retro.test 1.2.3\r\nCAL 2 bob@retro.test\r\n',
  server: 'USR 1 OK alice@retro.test Alice\r\nCAL 2 RINGING 4711\r\nJOI bob@retro.test Bob\r\n',
} as const;

export const OPENED = {
  kind: 'room.invite',
  ...CLIENT,
  from: ALICE,
  to: [BOB],
  route: 'direct',
} as const;

export const TO_BOB = { ...CLIENT, from: ALICE, to: [BOB], route: 'direct' } as const;
export const FROM_BOB = { ...SERVER, from: BOB, to: [ALICE], route: 'direct' } as const;
