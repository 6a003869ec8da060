/** Test support: TOC frames, and the turns that begin a conversation. */
import { client, joined, octets, server, type Turn } from '../../test/support/parser-harness.ts';

export function sflap(channel: number, payload: string | Uint8Array, sequence = 1): Uint8Array {
  const body = typeof payload === 'string' ? octets(payload) : payload;
  const head = [0x2a, channel, sequence >> 8, sequence & 255, body.length >> 8, body.length & 255];
  return joined(Uint8Array.from(head), body);
}

/** Commands of the client, each in a frame with its NUL. */
export const says = (...commands: readonly string[]): Turn =>
  client(...commands.map((command) => sflap(2, `${command}\0`)));
/** Commands of the server, each in a frame. */
export const hears = (...commands: readonly string[]): Turn =>
  server(...commands.map((command) => sflap(2, command)));

export const GREETING: readonly Turn[] = [
  client('FLAPON\r\n\r\n'),
  server(sflap(1, '\0\0\0\x01')),
  client(sflap(1, '\0\0\0\x01\0\x01\0\x03ann')),
];
export const SIGN_ON =
  'toc_signon login.oscar.aol.com 5190 ann 0x2408105c23001130 english "TIC:Naim"';
export const LOGIN: readonly Turn[] = [...GREETING, says(SIGN_ON), hears('SIGN_ON:TOC1.0')];
export const LOGIN_2: readonly Turn[] = [
  ...GREETING,
  says(SIGN_ON.replace('toc_', 'toc2_')),
  hears('SIGN_ON:TOC2.0'),
];

const common = { account: 'ann', protocolVersion: '1.0' };
export const sent = { ...common, origin: 'client', from: 'ann' };
export const got = { ...common, origin: 'server' };
export const signedIn = { kind: 'session.login', ...got, from: 'ann' };
export const toBob = { ...sent, to: ['bob'], route: 'direct' };
export const ofBob = { ...got, from: 'bob', to: ['ann'], route: 'direct' };
/** The same in TOC2. */
export const two = <T extends object>(said: T) => ({ ...said, protocolVersion: '2.0' });
