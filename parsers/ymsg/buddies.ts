/**
 * Changes of the contact list. What the client asks is `requested`; the server's answer (key 66) is
 * the fact: 0 done, 2 was so already, anything else refused (`reason`).
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { actor } from './actor.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

const ALREADY = 2;

/** 0x83 {7 who, 65 group, 14 text}: put on the list; who is not there yet is asked for leave. */
export function onAddBuddy(flow: YmsgFlow): void {
  const contact = flow.id(7);
  if (contact === undefined) return;
  if (flow.toServer) {
    const text = flow.textPair(14);
    const asks = !flow.contacts.has(contact);
    const added = change(flow, 'contact.add', contact, groupOf(flow, 65));
    if (!asks) {
      added.text = words(flow);
      flow.say(added, text);
      return;
    }
    flow.say(added);
    const request = flow.direct('contact.request', actor(flow), contact);
    request.contact = contact;
    request.text = words(flow);
    flow.say(request, text);
    return;
  }
  const refused = refusal(flow);
  if (refused === undefined) flow.contacts.add(contact);
  flow.say(answer(change(flow, 'contact.add', contact, groupOf(flow, 65)), refused));
}

/** 0x84 {7 who, 65 group}. */
export function onRemoveBuddy(flow: YmsgFlow): void {
  const contact = flow.id(7);
  if (contact === undefined) return;
  flow.say(answer(change(flow, 'contact.remove', contact, groupOf(flow, 65)), refusal(flow)));
}

/** 0x85 {7 who, 13: 1 ignore, 2 no more}; the server's answer may name them in 0. */
export function onIgnore(flow: YmsgFlow): void {
  const contact = flow.id(7) ?? (flow.toServer ? undefined : flow.id(0));
  if (contact === undefined) return;
  const kind = flow.pairs.number(13) === 2 ? 'contact.unblock' : 'contact.block';
  const event = change(flow, kind, contact, undefined);
  event.list = 'block';
  flow.say(answer(event, refusal(flow)));
}

/** 0xE7 {7 who, 224 from, 264 to}, in blocks that 7 begins: moved to another group. */
export function onChangeGroup(flow: YmsgFlow): void {
  const { pairs } = flow;
  const refused = refusal(flow);
  for (let from = pairs.find(7); from !== -1; ) {
    const next = pairs.find(7, from + 1);
    const to = next === -1 ? pairs.size : next;
    const contact = canonicalId(pairs.at(from));
    if (contact !== undefined) {
      const group = boundedName(pairs.text(264, false, from, to));
      const before = boundedName(pairs.text(224, false, from, to));
      const event = change(flow, 'contact.add', contact, group);
      event.reason = before === undefined ? 'moved' : `moved from ${before}`;
      flow.say(answer(event, refused));
    }
    from = next;
  }
}

/** 0x89 {65 old name, 67 new name}: no contact in it. */
export function onGroupRename(flow: YmsgFlow): void {
  if (flow.toServer) actor(flow);
  const event = flow.newEvent('contact.list');
  event.list = 'roster';
  const group = groupOf(flow, 67);
  if (group !== undefined) event.groups = [group];
  const before = groupOf(flow, 65);
  event.reason = before === undefined ? 'group renamed' : `group renamed from ${before}`;
  if (flow.toServer) event.state = 'requested';
  flow.say(answer(event, refusal(flow)));
}

function change(
  flow: YmsgFlow,
  kind: EventKind,
  contact: string,
  group: string | undefined,
): ImEvent {
  const from = flow.toServer ? actor(flow) : flow.account;
  const event = flow.newEvent(kind);
  event.contact = contact;
  event.from = from;
  event.list = 'roster';
  if (group !== undefined) event.groups = [group];
  if (flow.toServer) event.state = 'requested';
  return event;
}

function groupOf(flow: YmsgFlow, key: number): string | undefined {
  return boundedName(flow.pairs.text(key));
}

/** What the request says, where it says something. */
function words(flow: YmsgFlow): string | undefined {
  return flow.pairs.text(14, flow.legacy);
}

/** Undefined where it was granted, or where nothing is answered yet. */
function refusal(flow: YmsgFlow): string | undefined {
  if (flow.toServer) return undefined;
  const code = flow.pairs.number(66) ?? 0;
  return code === 0 || code === ALREADY ? undefined : `code ${code}`;
}

function answer(event: ImEvent, refused: string | undefined): ImEvent {
  if (refused !== undefined) {
    event.state = 'refused';
    event.reason = refused;
  }
  return event;
}
