/**
 * What a proxy puts in the place of a refused frame (table in README.md). Where the frame goes on, a
 * no-op with its sequence number goes instead, so that this direction need not be renumbered. What goes
 * back, and the notice, have sequence 0: the proxy gives them theirs, and renumbers what follows.
 */
import { u16be } from '../../src/bytes/read.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement, Unit } from '../contract.ts';
import { Cursor } from './cursor.ts';
import { countItems } from './feedbag.ts';
import { data, flap, name, SERVER_REQUEST, type SnacFields, tlv, u16 } from './frames.ts';
import { NO_FORM } from './neutral.ts';
import { noticeFrame } from './notice-frame.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { type RendezvousRefusal, refusalOf } from './rendezvous/refusal.ts';

const Family = { Service: 1, Icbm: 4, Feedbag: 0x13, Bucp: 0x17 } as const;
const NOOP = 0x16;
const SIGN_OFF = 4;
const SUSPENDED = 0x0011;
/** SNAC errors (dossier §5). */
const REFUSED_BY_CLIENT = 0x000a;
const REQUEST_DENIED = 0x000d;
/** 13/0E: an item that cannot be added. */
const ITEM_REFUSED = 0x000a;
/** Families whose clients take an error for an answer: lists, rooms, icons. */
const ANSWERED_BY_ERROR: ReadonlySet<number> = new Set([0x03, 0x09, 0x0d, 0x0e, 0x10]);

const NOTHING: readonly number[] = [];

export function replacementOf(
  flow: OscarFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  if (event.kind === 'session.login') return denial(flow);
  if (unit.form === NO_FORM) return undefined;
  const { request } = flow.snac;
  const sequence = u16be(flow.snac.body.buffer, flow.frameStart + 2);
  const noop = data(sequence, { family: Family.Service, subtype: NOOP, request, body: [] });
  const answer = flow.toServer ? toClient(flow, event) : toServer(flow, event);
  const back = answer === undefined ? NOTHING : data(0, answer);
  const told = notice === undefined ? NOTHING : (noticeFrame(flow, notice) ?? NOTHING);
  return flow.toServer
    ? { forward: Uint8Array.from(noop), back: Uint8Array.from([...back, ...told]) }
    : { forward: Uint8Array.from([...noop, ...told]), back: Uint8Array.from(back) };
}

/** The client sent it, and gets the answer that the server would give to what it cannot do. */
function toClient(flow: OscarFlow, { kind, contact }: ImEvent): SnacFields | undefined {
  const { family, subtype, request, body } = flow.snac;
  if (family === Family.Icbm && subtype === 0x06) {
    const refusal = refusalOfPart(flow, kind);
    if (refusal !== undefined) return { family, request: SERVER_REQUEST, ...refusal };
    return { family, subtype: 0x01, request, body: u16(REFUSED_BY_CLIENT) };
  }
  if (family === Family.Feedbag && subtype >= 0x08 && subtype <= 0x0a) {
    const items = countItems(new Cursor().over(body.buffer, flow.bodyStart, body.end));
    const codes = Array.from({ length: items }, () => u16(ITEM_REFUSED)).flat();
    return { family, subtype: 0x0e, request, body: codes };
  }
  if (family === Family.Feedbag && subtype === 0x18 && contact !== undefined) {
    return { family, subtype: 0x1b, request: SERVER_REQUEST, body: no(contact) };
  }
  if (!ANSWERED_BY_ERROR.has(family)) return undefined;
  return { family, subtype: 0x01, request, body: u16(REQUEST_DENIED) };
}

/** The other party sent it, and gets the answer that the client would give. */
function toServer(flow: OscarFlow, { kind, contact }: ImEvent): SnacFields | undefined {
  const { family, subtype } = flow.snac;
  if (family === Family.Icbm) {
    const refusal = refusalOfPart(flow, kind);
    return refusal === undefined ? undefined : { family, request: 0, ...refusal };
  }
  if (family !== Family.Feedbag || subtype !== 0x19 || contact === undefined) return undefined;
  return { family, subtype: 0x1a, request: 0, body: no(contact) };
}

/** Of a rendezvous: taken back in the name of the other party. */
function refusalOfPart(
  flow: OscarFlow,
  kind: ImEvent['kind'],
): { subtype: number; body: readonly number[] } | undefined {
  const refusal = flow.rendezvous.refusal() ?? refusalOfInvitation(flow, kind);
  return refusal === undefined ? undefined : { ...refusal, body: [...refusal.body] };
}

function refusalOfInvitation(
  { part }: OscarFlow,
  kind: ImEvent['kind'],
): RendezvousRefusal | undefined {
  if (part === undefined || kind !== 'room.invite') return undefined;
  const other = part.fromClient ? part.recipient : part.sender;
  if (other === undefined) return undefined;
  return refusalOf(part.buffer, part.start, part.fromClient, other);
}

/** u8 length · name · u8 0 · u16 0: not agreed, without a reason. */
function no(contact: string): number[] {
  return [...name(contact), 0, ...u16(0)];
}

/** The account may not sign in: told as a suspended one is, which no client tries again. */
function denial(flow: OscarFlow): Replacement | undefined {
  const { account, snac } = flow;
  if (flow.purpose !== 'signing-in' || account === undefined) return undefined;
  const { buffer } = snac.body;
  const sequence = u16be(buffer, flow.frameStart + 2);
  const answer = [...tlv(0x01, name(account).slice(1)), ...tlv(0x08, u16(SUSPENDED))];
  const bucp = buffer[flow.frameStart + 1] !== SIGN_OFF;
  const { request } = snac;
  const frame = bucp
    ? data(sequence, { family: Family.Bucp, subtype: 0x03, request, body: answer })
    : flap(SIGN_OFF, sequence, answer);
  return { forward: Uint8Array.from(frame), back: new Uint8Array(0) };
}
