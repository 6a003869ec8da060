/**
 * MSRP sessions that SDP announces: put where the parser of the connection finds them, by the path URI of
 * each side, and the connection expected at the address of who listens.
 *
 * Who makes the offer connects, unless `a=setup` says otherwise (RFC 4975 §5.4, RFC 6135 §4.2).
 */
import type { ExpectedConnection } from '../contract.ts';
import {
  MsrpSession,
  MsrpSide,
  msrpEndpoint,
  msrpKey,
  refusedSession,
} from '../framing/msrp-session.ts';
import type { Dialog } from './dialog.ts';
import { offeredFile } from './file-selector.ts';
import { type Media, pathOf } from './sdp.ts';
import type { SipFlow } from './sip-flow.ts';

export function openSession(flow: SipFlow, dialog: Dialog, media: Media): MsrpSession {
  const { account } = flow;
  const { caller, callee, callerIsOwn } = dialog;
  const own = flow.message.from.address === caller;
  const file = offeredFile(media, dialog.callId);
  const session = own
    ? new MsrpSession(account, caller, callee, callerIsOwn, file)
    : new MsrpSession(account, callee, caller, !callerIsOwn, file);
  session.room = dialog.room;
  remember(flow, media, session, true);
  return session;
}

export function answerSession(
  flow: SipFlow,
  dialog: Dialog,
  session: MsrpSession,
  media: Media,
): void {
  session.room = dialog.room;
  remember(flow, media, session, false);
  const setup = media.attributes.get('setup');
  if (setup === 'active') return; // the offer named the address
  expectAt(flow, session, media);
}

function remember(flow: SipFlow, media: Media, session: MsrpSession, isOfferer: boolean): void {
  const uri = pathOf(media).at(-1);
  const key = uri === undefined ? undefined : msrpKey(uri);
  if (key === undefined) return;
  const { memory } = flow.context;
  // Where both legs of a proxy are seen the first one counts.
  const known = memory.get(key);
  if (known instanceof MsrpSide && !known.session.ended && known.isOfferer === isOfferer) {
    if (known.session.file?.token === session.file?.token) return;
  }
  memory.set(key, new MsrpSide(session, isOfferer));
  if (isOfferer && media.attributes.get('setup') === 'passive') expectAt(flow, session, media);
}

/** The connection to the side that `media` describes. */
function expectAt(flow: SipFlow, session: MsrpSession, media: Media): void {
  const first = pathOf(media)[0];
  const named = first === undefined ? undefined : msrpEndpoint(first);
  const isNumeric = named !== undefined && /^[\d.]+$|:/.test(named.host);
  const address = isNumeric ? named.host : media.address;
  const port = isNumeric ? named.port : media.port;
  if (address === undefined || port <= 0 || media.protocol.includes('TLS')) return;
  // One connection may carry many sessions (RFC 4975 §5.4): of a refused one its own octets are stopped.
  flow.sink.expect({ ...connectionOf(session), address, port, shared: true });
}

/** Its connection is not to carry it: stopped where it tells its path. */
export function refuseSession(flow: SipFlow, session: MsrpSession): void {
  session.refused = true;
  flow.sink.expect({ ...connectionOf(session), token: refusedSession(session) }, true);
}

function connectionOf(session: MsrpSession): ExpectedConnection {
  const { file } = session;
  const sends = file?.offererSends !== false;
  return {
    protocol: 'msrp',
    service: 'sip',
    offer: {
      service: 'sip',
      account: session.account,
      sender: sends ? session.offerer : session.answerer,
      recipient: sends ? session.answerer : session.offerer,
      senderListens: undefined,
      room: session.room,
      name: file?.name,
      size: file?.size,
      offset: file?.offset ?? 0,
      mime: file?.mime,
      token: file?.token,
      method: 'msrp',
      origin: sends === session.offererIsOwn ? 'client' : 'server',
    },
  };
}
