/**
 * Requests that only one messenger sends, whatever the host:
 *
 *   POST /mmtls/ and 8 hex digits       WeChat's short link (dossier §3.5)
 *   POST /api…, and in its body         Telegram's HTTP transport (core.telegram.org/mtproto/transports): the first
 *     0:8 message-id:8 14 00 00 00      message of a new key, unencrypted, is req_pq or req_pq_multi
 *     f1 8e 7e be | 78 97 46 60
 */
import { i32le } from '../../src/bytes/read.ts';
import type { HttpHead } from '../framing/http-head.ts';

/** Octets of a body that `telegramBody` looks at. */
export const BODY_LOOK = 24;
const MMTLS = /^\/mmtls\/[0-9a-f]{8}$/i;
const TELEGRAM = /^\/api(?:w1?)?(?:_test)?$/;
const MESSAGE_LENGTH = 20; // a constructor and a nonce of 16 octets
const REQ_PQ_MULTI = 0xbe7e8ef1 | 0;
const REQ_PQ = 0x60469778;

/** The signature that the head alone shows. */
export function headSignature(head: HttpHead): string | undefined {
  return head.method === 'POST' && MMTLS.test(head.path) ? 'wechat-mmtls-http' : undefined;
}

/** Whether the body is worth a look. */
export function mayBeTelegram(head: HttpHead): boolean {
  return head.method === 'POST' && head.contentLength >= BODY_LOOK && TELEGRAM.test(head.path);
}

/** The body's first BODY_LOOK octets. */
export function telegramBody(octets: Uint8Array): boolean {
  if (octets.length < BODY_LOOK || i32le(octets, 0) !== 0 || i32le(octets, 4) !== 0) return false;
  const method = i32le(octets, 20);
  return i32le(octets, 16) === MESSAGE_LENGTH && (method === REQ_PQ_MULTI || method === REQ_PQ);
}
