/**
 * Who speaks to whom: the INVITE said it, and its SDP the path URI by which either side is known here
 * (framing/msrp-session.ts). `origin` and `account` are those of the SIP connection, as with every file
 * whose offer was made elsewhere. Without it: what the URIs themselves tell, and the direction.
 */
import { Direction, type FlowContext } from '../contract.ts';
import { type MsrpSession, MsrpSide, msrpKey, refusedSession } from '../framing/msrp-session.ts';
import { canonicalAddress } from '../framing/sip-address.ts';
import type { MsrpHead } from './msrp-head.ts';

export interface Parties {
  readonly session: MsrpSession | undefined;
  readonly origin: 'client' | 'server';
  readonly account: string | undefined;
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  readonly room: string | undefined;
}

export function partiesOf(context: FlowContext, direction: Direction, head: MsrpHead): Parties {
  const from = head.path('from-path');
  const to = head.path('to-path');
  // The sender is the last of From-Path, the receiver the last of To-Path; relays stand before (RFC 4976).
  const sender = sideOf(context, from);
  const receiver = sender === undefined ? sideOf(context, to) : undefined;
  const side = sender ?? receiver;
  if (side?.session.refused === true) context.expectedByToken(refusedSession(side.session));
  if (side !== undefined) return ofSession(side.session, (side === sender) === side.isOfferer);
  const origin = direction === Direction.ToServer ? 'client' : 'server';
  const offer = context.expected?.offer;
  const own = userOf(from.at(-1));
  const other = userOf(to.at(-1));
  const account = offer?.account ?? (origin === 'client' ? own : other);
  return {
    session: undefined,
    origin,
    account,
    sender: own,
    recipient: other,
    room: offer?.room,
  };
}

function ofSession(session: MsrpSession, byOfferer: boolean): Parties {
  const { offerer, answerer, offererIsOwn, account, room } = session;
  return {
    session,
    origin: byOfferer === offererIsOwn ? 'client' : 'server',
    account,
    sender: byOfferer ? offerer : answerer,
    recipient: byOfferer ? answerer : offerer,
    room,
  };
}

function sideOf(context: FlowContext, path: readonly string[]): MsrpSide | undefined {
  for (let i = path.length - 1; i >= 0; i--) {
    const key = msrpKey(path[i] ?? '');
    const side = key === undefined ? undefined : context.memory.get(key);
    if (side instanceof MsrpSide) return side;
  }
  return undefined;
}

/** `msrp://ann@host:7394/…` names its user; most do not. */
function userOf(uri: string | undefined): string | undefined {
  const parts = /^msrps?:\/\/([^@/;]+@[^/;]+)/i.exec(uri ?? '');
  return parts?.[1] === undefined ? undefined : canonicalAddress(parts[1]);
}
