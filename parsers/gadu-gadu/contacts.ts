/**
 * The contacts whose presence the client wants (dossier §4): u32 uin and u8 type, or since 10.5 the UIN
 * written (its octets as a varint before it) and u8 type.
 * Type bits: 1 buddy, 2 friend, 4 blocked.
 */
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { uinAt, writtenUin } from './uin.ts';

type Kind = 'contact.list' | 'contact.add' | 'contact.remove';

const ENTRY = 5; // octets
const BLOCKED = 4;

export function onNotify(flow: GgFlow, kind: Kind): void {
  const { buffer, body, end } = flow;
  let at = body;
  for (; at + ENTRY <= end; at += ENTRY) {
    if (!sayContact(flow, kind, uinAt(buffer, at), buffer[at + 4] ?? 0)) return;
  }
  if (at < end) flow.anomaly(Anomaly.Malformed);
}

export function onNotify105(flow: GgFlow, kind: Kind): void {
  const { buffer, body, end } = flow;
  let at = body;
  while (at < end) {
    // A UIN has ten digits at most: one octet of length is all that fits.
    const octets = buffer[at] ?? 0;
    const next = at + 1 + octets;
    const uin = next < end ? writtenUin(buffer, at + 1, next) : undefined;
    if (uin === undefined) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
    if (!sayContact(flow, kind, uin, buffer[next] ?? 0)) return;
    at = next + 1;
  }
}

function sayContact(flow: GgFlow, kind: Kind, uin: string | undefined, type: number): boolean {
  if (!flow.another()) return false;
  if (uin === undefined) return true;
  const blocked = (type & BLOCKED) !== 0;
  const event = flow.newEvent(kindOf(kind, blocked));
  event.from = flow.account;
  event.contact = uin;
  event.list = blocked ? 'block' : 'roster';
  flow.say(event);
  return true;
}

function kindOf(kind: Kind, blocked: boolean) {
  if (!blocked || kind === 'contact.list') return kind;
  return kind === 'contact.add' ? 'contact.block' : 'contact.unblock';
}
