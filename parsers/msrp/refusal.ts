/**
 * What a proxy says in the place of a refused chunk (RFC 4975 §7.2, §10).
 *
 *   to who sent it    `403 Forbidden` for a text, `413 Stop` for a file: no more of it is to be sent. Nothing
 *                     where it asked for no answer (`Failure-Report: no`)
 *   to who waits      an empty chunk that gives the message up, where earlier chunks went on
 *   the notice        SEND to who sent it, with `Failure-Report: no`: it has no answer
 * A chunk whose end is not known yet has no replacement: a refusal is a reset.
 */
import { sha1Hex } from '../../src/bytes/sha1.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement, Unit } from '../contract.ts';
import type { MsrpFlow } from './msrp-flow.ts';
import type { MsrpHead } from './msrp-head.ts';

const NOTHING = new Uint8Array(0);
const ID_LENGTH = 12; // hex digits

export function replacement(
  flow: MsrpFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  const { head } = flow;
  if (head === undefined || unit.end === -1 || unit.form === -1) return undefined;
  // An answer that says "not delivered", and a report of it: nothing waits for them.
  if (head.method === '' || head.method === 'REPORT') return { forward: NOTHING, back: NOTHING };
  const status = event.kind.startsWith('file.') ? '413 Stop' : '403 Forbidden';
  const asked = head.headers.value('failure-report')?.toLowerCase() !== 'no';
  const refusal = asked ? answer(head, status) : '';
  const told = notice === undefined ? '' : tell(head, notice);
  const forward = flow.chunksBefore ? octetsOf(givenUp(head)) : NOTHING;
  return { forward, back: octetsOf(refusal + told) };
}

/** Hop by hop: the first URI of either path (§7.2). */
function answer(head: MsrpHead, status: string): string {
  const to = head.path('from-path')[0] ?? '';
  const from = head.path('to-path')[0] ?? '';
  return `MSRP ${head.id} ${status}\r\nTo-Path: ${to}\r\nFrom-Path: ${from}\r\n-------${head.id}$\r\n`;
}

function givenUp(head: MsrpHead): string {
  const id = token(head, 'abort');
  return lines(id, '#', [
    `MSRP ${id} SEND`,
    `To-Path: ${head.path('to-path').join(' ')}`,
    `From-Path: ${head.path('from-path').join(' ')}`,
    `Message-ID: ${head.headers.value('message-id') ?? ''}`,
    'Failure-Report: no',
  ]);
}

function tell(head: MsrpHead, notice: string): string {
  const id = freeOf(notice, token(head, 'notice'));
  const size = new TextEncoder().encode(notice).length;
  return lines(id, '$', [
    `MSRP ${id} SEND`,
    `To-Path: ${head.path('from-path').join(' ')}`,
    `From-Path: ${head.path('to-path').join(' ')}`,
    `Message-ID: ${token(head, 'message')}`,
    `Byte-Range: 1-${size}/${size}`,
    'Failure-Report: no',
    'Content-Type: text/plain;charset=utf-8',
    '',
    notice,
  ]);
}

function lines(id: string, flag: string, all: readonly string[]): string {
  return `${all.join('\r\n')}\r\n-------${id}${flag}\r\n`;
}

/** No identifier whose end-line stands in the text (§7.1). */
function freeOf(text: string, id: string): string {
  return text.includes(`-------${id}`) ? freeOf(text, `x${id}`.slice(0, 32)) : id;
}

function token(head: MsrpHead, purpose: string): string {
  return sha1Hex(`${purpose} ${head.id} ${head.headers.value('message-id')}`).slice(0, ID_LENGTH);
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
