/**
 * The list that the server keeps (family 0013):
 *
 *   item   u16 length · name · u16 group · u16 item · u16 class · u16 length · TLVs
 *   13/06  u8 version · u16 count · items · u32 time       the list
 *   13/08  items                                           put in; 13/09 changed; 13/0A taken out
 *
 * Class 0 buddy, 1 group, 2 permit, 3 deny, 000E ignore; others (privacy, icon, order) are no contacts.
 * TLV 0131 the client's own name for a contact, 0066 the contact has not agreed yet.
 */

import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Anomaly } from './anomalies.ts';
import type { Cursor } from './cursor.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { screenName } from './screen-name.ts';

const Class = { Buddy: 0, Group: 1, Permit: 2, Deny: 3, Ignore: 0x0e } as const;
const Tlv = { Alias: 0x0131, Note: 0x013c, Pending: 0x0066 } as const;
type List = NonNullable<ImEvent['list']>;

export type Change = 'listed' | 'added' | 'changed' | 'removed';

/** Which event a change to an entry of a class is; undefined: none. */
const KINDS: Readonly<Record<number, Readonly<Record<Change, EventKind>>>> = {
  [Class.Buddy]: all('contact.add', 'contact.remove'),
  [Class.Permit]: all('contact.add', 'contact.remove'),
  [Class.Deny]: all('contact.block', 'contact.unblock'),
  [Class.Ignore]: all('contact.block', 'contact.unblock'),
};
const LISTS: Readonly<Record<number, List>> = {
  [Class.Buddy]: 'roster',
  [Class.Permit]: 'allow',
  [Class.Deny]: 'block',
  [Class.Ignore]: 'block',
};

function all(added: EventKind, removed: EventKind): Readonly<Record<Change, EventKind>> {
  return { listed: 'contact.list', added, changed: added, removed };
}

/** 13/06. */
export function onList(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.u8();
  const count = body.u16();
  sayItems(flow, 'listed', count);
}

/** 13/08, 13/09, 13/0A, from the client or, made on another connection, from the server. */
export function onChange(flow: OscarFlow, change: Change): void {
  sayItems(flow, change, Number.POSITIVE_INFINITY);
}

/** Items of a change: a refusal answers each. */
export function countItems(cursor: Cursor): number {
  let count = 0;
  while (cursor.left > 0) {
    cursor.skip(cursor.u16() + 6);
    cursor.skip(cursor.u16());
    if (cursor.failed) break;
    count += 1;
  }
  return count;
}

function sayItems(flow: OscarFlow, change: Change, count: number): void {
  const { body } = flow.snac;
  const { at } = body;
  // Groups first: contacts that stand before their group have its name too.
  eachItem(body, count, (item) => {
    if (item.class !== Class.Group || item.group === 0) return;
    const name = some(utf8OrWindows1252(body.buffer, item.nameStart, item.nameEnd));
    if (change === 'removed') flow.groups.forget(item.group);
    else if (name !== undefined && !flow.groups.learn(item.group, name)) flow.tableFull();
  });
  body.over(body.buffer, at, body.end);
  eachItem(body, count, (item) => sayItem(flow, item, change));
  if (body.failed) flow.anomaly(Anomaly.Malformed);
}

interface Item {
  nameStart: number;
  nameEnd: number;
  group: number;
  class: number;
  tlvStart: number;
  tlvEnd: number;
}
const item: Item = { nameStart: 0, nameEnd: 0, group: 0, class: 0, tlvStart: 0, tlvEnd: 0 };

function eachItem(body: Cursor, count: number, use: (item: Item) => void): void {
  for (let i = 0; i < count && body.left > 0; i++) {
    const length = body.u16();
    item.nameStart = body.skip(length);
    item.nameEnd = item.nameStart + length;
    item.group = body.u16();
    body.u16();
    item.class = body.u16();
    const tlvs = body.u16();
    item.tlvStart = body.skip(tlvs);
    item.tlvEnd = item.tlvStart + tlvs;
    if (body.failed) return;
    use(item);
  }
}

function sayItem(flow: OscarFlow, { class: kindOfItem, ...place }: Item, change: Change): void {
  const kind = KINDS[kindOfItem]?.[change];
  const { buffer } = flow.snac.body;
  const contact = screenName(buffer, place.nameStart, place.nameEnd);
  if (kind === undefined || contact === undefined) return;
  const { tlvs } = flow;
  const event = flow.newEvent(kind);
  event.from = flow.toServer ? flow.account : undefined;
  event.contact = contact;
  event.list = LISTS[kindOfItem];
  if (kindOfItem === Class.Buddy) event.groups = flow.groups.of(place.group);
  if (change === 'changed') event.state = 'updated';
  tlvs.over(buffer, place.tlvStart, place.tlvEnd);
  while (tlvs.next()) {
    if (tlvs.type === Tlv.Alias) event.name = some(utf8OrWindows1252(buffer, tlvs.start, tlvs.end));
    else if (tlvs.type === Tlv.Note) {
      event.text = some(utf8OrWindows1252(buffer, tlvs.start, tlvs.end));
    } else if (tlvs.type === Tlv.Pending) event.subscription = 'none';
  }
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
  flow.say(event);
}
