/**
 * What a proxy puts in the place of a refused frame. Where the frame goes on, a frame that says nothing
 * goes instead, under its sequence number; what goes back, and the notice, have sequence 0: the proxy
 * gives them theirs, and renumbers what follows.
 *
 *   message to somebody      ERROR:901:<name>      not available
 *   anything about a room    ERROR:950:<room>      room not available
 *   a file offer received    toc_rvous_cancel <name> <cookie> <service> to the server
 */
import { u16be } from '../../src/bytes/read.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement } from '../contract.ts';
import { KEEP_ALIVE, NEUTRAL } from './neutral.ts';
import { cookieOf } from './rendezvous.ts';
import type { TocFlow } from './toc-flow.ts';

const DATA = 2;
const NOTICE_LIMIT = 1024; // characters
const SENDER = 'Sallyport';
const SEND_FILE = '09461343-4C7F-11D1-8222-444553540000';
const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array(0);

export function replacementOf(
  flow: TocFlow,
  event: ImEvent,
  notice: string | undefined,
): Replacement | undefined {
  if (event.kind.startsWith('session.')) return undefined;
  const sequence = u16be(flow.buffer, flow.start + 2);
  const told = notice === undefined ? NOTHING : frame(DATA, 0, noticeOf(flow, notice));
  if (flow.toServer) {
    const answer = errorFor(event);
    const back = answer === undefined ? NOTHING : frame(DATA, 0, ENCODER.encode(answer));
    return { forward: frame(KEEP_ALIVE, sequence, NOTHING), back: join(back, told) };
  }
  const answer = event.kind === 'file.offer' ? cancelOf(event) : undefined;
  const back = answer === undefined ? NOTHING : frame(DATA, 0, ENCODER.encode(`${answer}\0`));
  return { forward: join(frame(DATA, sequence, NEUTRAL), told), back };
}

function errorFor({ kind, room, to }: ImEvent): string | undefined {
  if (room !== undefined) return `ERROR:950:${field(room)}`;
  const [other] = to ?? [];
  const spoken = kind === 'message' || kind.startsWith('file.') || kind === 'room.invite';
  return spoken && other !== undefined ? `ERROR:901:${field(other)}` : undefined;
}

function cancelOf({ from, file }: ImEvent): string | undefined {
  const cookie = file?.token === undefined ? undefined : cookieOf(file.token);
  if (from === undefined || cookie === undefined) return undefined;
  return `toc_rvous_cancel ${quoted(from)} ${cookie} ${SEND_FILE}`;
}

function noticeOf({ version }: TocFlow, notice: string): Uint8Array {
  const escaped = notice
    .slice(0, NOTICE_LIMIT)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
  const isFirst = version === undefined || version.startsWith('1');
  return ENCODER.encode(
    isFirst ? `IM_IN:${SENDER}:F:${escaped}` : `IM_IN2:${SENDER}:F:F:${escaped}`,
  );
}

/** A name in a field: colons would begin another. */
function field(name: string): string {
  return name.replace(/[:\0]/g, '');
}

/** As a word of a client's command. */
function quoted(word: string): string {
  return `"${word.replace(/[$\\"'`{}[\]()]/g, '\\$&').replace(/\0/g, '')}"`;
}

function frame(channel: number, sequence: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const head = [0x2a, channel, sequence >> 8, sequence & 255, length >> 8, length & 255];
  return Uint8Array.from([...head, ...payload]);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  return Uint8Array.from([...first, ...second]);
}
