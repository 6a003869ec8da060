/** Which SNAC is whose: one place from family and subtype to handler. */
import * as authorisation from './authorisation.ts';
import * as lists from './buddy-lists.ts';
import * as chat from './chat.ts';
import { onCreateRoom } from './chat-navigation.ts';
import * as feedbag from './feedbag.ts';
import { onMessage } from './icbm.ts';
import * as icons from './icons.ts';
import { onEnvelope } from './icq-envelope.ts';
import { isKnownSnac } from './known-snacs.ts';
import * as notices from './notices.ts';
import type { OscarFlow } from './oscar-flow.ts';
import * as presence from './presence.ts';
import * as receipts from './receipts.ts';
import * as sessions from './sessions.ts';
import * as signingIn from './signing-in.ts';
import { onTyping } from './typing.ts';

type Handler = (flow: OscarFlow) => void;

const key = (family: number, subtype: number) => (family << 8) | subtype;

/** SNACs that go one way, or are read alike both ways. Others that are known make nothing. */
const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [key(0x01, 0x02), onReady],
  [key(0x01, 0x03), sessions.onHostOnline],
  [key(0x01, 0x04), sessions.onServiceRequest],
  [key(0x01, 0x05), sessions.onServiceGranted],
  [key(0x01, 0x0f), sessions.onSelfInfo],
  [key(0x01, 0x10), notices.onWarned],
  [key(0x01, 0x11), presence.onIdle],
  [key(0x01, 0x12), sessions.onMigration],
  [key(0x01, 0x13), notices.onMotd],
  [key(0x01, 0x1e), presence.onOwnStatus],
  [key(0x02, 0x04), presence.onOwnInfo],
  [key(0x02, 0x06), presence.onInfo],
  [key(0x03, 0x04), lists.onAddBuddies],
  [key(0x03, 0x05), lists.onRemoveBuddies],
  [key(0x03, 0x0b), presence.onArrived],
  [key(0x03, 0x0c), presence.onDeparted],
  [key(0x03, 0x0f), (flow) => lists.onAddBuddies(flow, 'temporary')],
  [key(0x03, 0x10), (flow) => lists.onRemoveBuddies(flow, 'temporary')],
  [key(0x04, 0x01), receipts.onError],
  [key(0x04, 0x06), onMessage],
  [key(0x04, 0x07), onMessage],
  [key(0x04, 0x08), notices.onWarning],
  [key(0x04, 0x0a), receipts.onMissed],
  [key(0x04, 0x0b), receipts.onClientError],
  [key(0x04, 0x14), onTyping],
  [key(0x08, 0x02), notices.onPopup],
  [key(0x09, 0x05), lists.onPermit],
  [key(0x09, 0x06), lists.onNoPermit],
  [key(0x09, 0x07), lists.onDeny],
  [key(0x09, 0x08), lists.onNoDeny],
  [key(0x09, 0x0a), lists.onPermit],
  [key(0x09, 0x0b), lists.onNoPermit],
  [key(0x0d, 0x08), onCreateRoom],
  [key(0x0e, 0x02), chat.onRoomInfo],
  [key(0x0e, 0x03), chat.onJoined],
  [key(0x0e, 0x04), chat.onLeft],
  [key(0x0e, 0x05), chat.onRoomMessage],
  [key(0x0e, 0x06), chat.onRoomMessage],
  [key(0x10, 0x02), icons.onUpload],
  [key(0x10, 0x05), icons.onDownload],
  [key(0x10, 0x07), icons.onDownload2],
  [key(0x13, 0x06), feedbag.onList],
  [key(0x13, 0x08), (flow) => feedbag.onChange(flow, 'added')],
  [key(0x13, 0x09), (flow) => feedbag.onChange(flow, 'changed')],
  [key(0x13, 0x0a), (flow) => feedbag.onChange(flow, 'removed')],
  [key(0x13, 0x14), authorisation.onGrantAhead],
  [key(0x13, 0x15), authorisation.onGrantAhead],
  [key(0x13, 0x16), authorisation.onRemoveMe],
  [key(0x13, 0x18), authorisation.onRequest],
  [key(0x13, 0x19), authorisation.onRequest],
  [key(0x13, 0x1a), authorisation.onAnswer],
  [key(0x13, 0x1b), authorisation.onAnswer],
  [key(0x13, 0x1c), authorisation.onAdded],
  [key(0x15, 0x02), onEnvelope],
  [key(0x15, 0x03), onEnvelope],
  [key(0x17, 0x02), signingIn.onAuthRequest],
  [key(0x17, 0x03), signingIn.onAuthReply],
  [key(0x17, 0x06), signingIn.onAuthRequest],
]);

const Family = { Icbm: 0x04, Feedbag: 0x13 } as const;

export function onSnac(flow: OscarFlow): void {
  const { family, subtype } = flow.snac;
  if (!isKnownSnac(family, subtype, flow.direction)) {
    const event = flow.newEvent('app.unknown');
    event.from = flow.toServer ? flow.account : undefined;
    event.reason = `SNAC ${flow.snac.label}`;
    flow.say(event);
    return;
  }
  flow.bodyStart = flow.snac.body.at;
  // Picked up in the middle: only a pager has messages and a list.
  if (family === Family.Icbm || family === Family.Feedbag) flow.purpose ??= 'pager';
  HANDLERS.get(key(family, subtype))?.(flow);
}

/** 01/02: the client has told its lists. */
function onReady(flow: OscarFlow): void {
  flow.ready = true;
}
