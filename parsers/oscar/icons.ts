/**
 * BART (family 0010), the server of icons and sounds. An item is u16 kind · u8 flags · u8 length · hash.
 *
 *   10/02  u16 kind · u16 length · octets                               the client puts one there
 *   10/05  u8 length · screen name · item · u16 length · octets         the client gets one
 *   10/07  u8 length · screen name · item · u8 code · item · u16 length · octets
 *
 * An icon is a file that was sent: whole, so its offer and its end are said together.
 */
import type { FilePurpose, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Anomaly } from './anomalies.ts';
import { isRefused, type OscarFlow } from './oscar-flow.ts';

/** Kinds of BART: icons of people; emoticons. Others (sounds, wallpapers) have no purpose of their own. */
const PURPOSES: Readonly<Record<number, FilePurpose>> = {
  0: 'picture',
  1: 'picture',
  5: 'picture',
  12: 'picture',
  1024: 'emoticon',
};

interface Icon {
  readonly kind: number;
  /** Hex of the item's hash; undefined for what is being put there. */
  readonly token: string | undefined;
  readonly owner: string | undefined;
}

export function onUpload(flow: OscarFlow): void {
  const kind = flow.snac.body.u16();
  sayIcon(flow, { kind, token: undefined, owner: flow.account });
}

export function onDownload(flow: OscarFlow): void {
  const { body } = flow.snac;
  const owner = body.name();
  const { kind, token } = readItem(flow);
  sayIcon(flow, { kind, token, owner });
}

export function onDownload2(flow: OscarFlow): void {
  const { body } = flow.snac;
  const owner = body.name();
  readItem(flow);
  body.u8();
  const { kind, token } = readItem(flow);
  sayIcon(flow, { kind, token, owner });
}

function readItem(flow: OscarFlow): { kind: number; token: string } {
  const { body } = flow.snac;
  const kind = body.u16();
  body.u8();
  return { kind, token: body.hex(body.u8()) };
}

/** u16 length · octets. */
function sayIcon(flow: OscarFlow, icon: Icon): void {
  const { body } = flow.snac;
  const length = body.u16();
  const start = body.skip(length);
  if (body.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (length === 0) return; // none under this hash
  const { buffer } = body;
  if (isRefused(flow.say(newEvent(flow, 'file.offer', icon, length)))) return;
  const follower = flow.context.follow();
  follower?.write(buffer.subarray(start, start + length));
  const complete = newEvent(flow, 'file.complete', icon, length);
  if (complete.file !== undefined) complete.file.sha256 = follower?.finish();
  flow.say(complete);
}

function newEvent(flow: OscarFlow, kind: EventKind, icon: Icon, size: number): ImEvent {
  const event = flow.newEvent(kind);
  event.from = icon.owner;
  event.route = 'service';
  if (!flow.toServer && flow.account !== undefined) event.to = [flow.account];
  event.file = {
    size,
    method: 'attachment',
    token: icon.token === '' ? undefined : icon.token,
    purpose: PURPOSES[icon.kind],
  };
  return event;
}
