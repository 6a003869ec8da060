/**
 * What the network itself tells: popups (08/02), the message of the day (01/13), warnings (01/10 and
 * 04/08, with which people raised each other's warning level).
 */

import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { Anomaly } from './anomalies.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { sayText } from './say-text.ts';
import { withoutNul } from './text-decoding.ts';

const Popup = { Text: 0x01, Url: 0x02 } as const;
const MOTD_TEXT = 0x0b;

export function onPopup(flow: OscarFlow): void {
  const { body } = flow.snac;
  sayNotice(flow, body.at, Popup.Text, Popup.Url);
}

/** u16 kind · TLVs. */
export function onMotd(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.u16();
  sayNotice(flow, body.at, MOTD_TEXT, -1);
}

/** 01/10: u16 new level, in tenths of a percent · who warned, unless it was nobody known. */
export function onWarned(flow: OscarFlow): void {
  const { body } = flow.snac;
  const level = body.u16();
  if (body.failed) return;
  const known = body.left > 0 && flow.user.read(body);
  const event = flow.between('presence', known ? flow.user.name : undefined);
  event.state = 'warned';
  event.status = `${level / 10} %`;
  flow.say(event);
}

/** 04/08: u16 1 without a name · u8 length · screen name. */
export function onWarning(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.u16();
  const other = body.name();
  if (other === undefined) return;
  const event = flow.between('presence', other);
  event.state = 'warned';
  flow.say(event);
}

function sayNotice(flow: OscarFlow, from: number, text: number, url: number): void {
  const { tlvs } = flow;
  const { buffer, end } = flow.snac.body;
  tlvs.over(buffer, from, end);
  const notice: ImEvent = flow.newEvent('message');
  notice.to = flow.account === undefined ? undefined : [flow.account];
  notice.form = 'notice';
  notice.route = 'service';
  if (tlvs.find(url)) notice.subject = some(utf8OrWindows1252(buffer, tlvs.start, tlvs.end));
  if (tlvs.find(text)) {
    const written = withoutNul(utf8OrWindows1252(buffer, tlvs.start, tlvs.end));
    if (written !== '') sayText(flow, notice, written, true, tlvs.start, tlvs.end);
  }
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
}
