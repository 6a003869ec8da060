/**
 * Why a proposal was refused with 04/0B, of which `code` is the reason and the part the data behind it:
 *
 *   u16 1 channel not supported, 2 malformed, 3 see the data · u16 why the proposal is refused
 *   libpurple instead: TLV 0003 {u16 why}, so that the reason looks like 3 and the data begins with 0002
 *
 * Sources: dossier oscar.md §5; the tables of tshark's dissector.
 */
import { u16be } from '../../../src/bytes/read.ts';
import type { RendezvousPart } from '../rendezvous-host.ts';

const SEE_DATA = 3;
const WORDS: Readonly<Record<number, string>> = { 1: 'channel not supported', 2: 'malformed' };
const PROPOSAL: readonly string[] = [
  'not supported',
  'declined',
  'ignored',
  'malformed',
  'timed out',
  'away or busy',
  'internal error',
  'rate limit',
  'nothing to send',
  'versions differ',
  'security settings differ',
];

export function refusalReason(part: RendezvousPart, code: number): string {
  const { buffer, start, end } = part;
  const length = end - start;
  const isTlv = length === 4 && u16be(buffer, start) === 2;
  if (isTlv) return PROPOSAL[code] ?? `code ${code}`;
  if (code !== SEE_DATA || length < 2) return WORDS[code] ?? `code ${code}`;
  const why = u16be(buffer, start);
  return PROPOSAL[why] ?? `code ${why}`;
}
