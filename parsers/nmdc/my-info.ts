/**
 * What a client says of itself, to all:
 *
 *   '$MyINFO $ALL ' nick ' ' description '$' mode '$' connection flag '$' mail '$' share '$'
 *
 * `flag` is one octet: 1 normal, 2 away, 4 server, 8 fireball. The description ends in the client's own
 * mark `<++ V:…>`, which nobody typed. Mode and mail address are in no event.
 */
import { ascii, startsWith } from '../../src/bytes/text.ts';
import type { NmdcFlow } from './nmdc-flow.ts';

const ALL = ascii('$ALL ');
const DOLLAR = 0x24;
const SPACE = 0x20;
const AWAY = 0x02;

export function onMyInfo(flow: NmdcFlow, start: number, end: number): void {
  const { buffer } = flow;
  if (!startsWith(buffer, start, ALL)) return;
  const nickStart = start + ALL.length;
  const nickEnd = Math.min(
    until(buffer, nickStart, end, SPACE),
    until(buffer, nickStart, end, DOLLAR),
  );
  const nick = flow.text(nickStart, nickEnd);
  if (nick === undefined) return;
  const descriptionEnd = until(buffer, nickEnd, end, DOLLAR);
  const modeEnd = until(buffer, descriptionEnd + 1, end, DOLLAR);
  const connectionEnd = until(buffer, modeEnd + 1, end, DOLLAR);
  const flag = connectionEnd > modeEnd + 1 ? (buffer[connectionEnd - 1] ?? 0) : 0;
  const away = connectionEnd < end && flag < 0x80 && (flag & AWAY) !== 0;
  const state = away ? 'away' : 'available';
  const description = flow.text(Math.min(nickEnd + 1, descriptionEnd), descriptionEnd) ?? '';
  const status = withoutMark(description);
  const from = flow.speaker(nick);
  const own = nick === flow.account;
  // The hub's copy of the client's own words is another entry.
  const key = flow.toServer ? ' ' : nick;
  if (!flow.users.isNews(key, `${state} ${status}`)) return;
  const event = flow.inRoom('presence', from);
  event.state = state;
  event.status = status === '' ? undefined : status;
  if (own && !flow.toServer) event.copy = 'echo';
  flow.say(event);
}

function withoutMark(description: string): string {
  const mark = description.endsWith('>') ? description.lastIndexOf('<') : -1;
  return (mark === -1 ? description : description.slice(0, mark)).trim();
}

/** Where the octet stands, or the end. */
function until(buffer: Uint8Array, start: number, end: number, octet: number): number {
  let at = start;
  while (at < end && buffer[at] !== octet) at++;
  return Math.min(at, end);
}
