/** Presence and contacts: AWAY, NICK and QUIT of others, ISON, WATCH, MONITOR and their replies. */
import type { EventKind } from '../../src/event/kinds.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { namesOf } from './targets.ts';

/** `AWAY :text` goes away, `AWAY` comes back; from the server with away-notify. */
export function onAway(flow: IrcFlow): void {
  if (flow.toServer) flow.awayAsked = true;
  const text = some(flow.line.param(0));
  sayPresence(flow, flow.speaker(), text === undefined ? 'available' : 'away', text);
}

/** 301 RPL_AWAY `me nick :text`. */
export function onAwayReply(flow: IrcFlow): void {
  sayPresence(flow, some(flow.line.param(1)), 'away', some(flow.line.param(2)));
}

/** 305, 306: the server confirms; only news when the client's AWAY was not seen. */
export function onOwnAway(flow: IrcFlow, away: boolean): void {
  if (!flow.awayAsked) sayPresence(flow, flow.nick, away ? 'away' : 'available', undefined);
  flow.awayAsked = false;
}

export function sayPresence(
  flow: IrcFlow,
  who: string | undefined,
  state: string,
  status: string | undefined,
): void {
  const event = flow.tagged('presence');
  event.from = who;
  event.state = state;
  event.status = status;
  flow.say(event);
}

/** `ISON nick nick…` asks who of the client's contacts is there; the answer is one 303. */
export function onIson(flow: IrcFlow): void {
  if (!flow.toServer) return;
  const nicks: string[] = [];
  for (let i = 0; i < flow.line.count; i++) nicks.push(...words(flow.line.param(i)));
  flow.contacts.ask(nicks.map((nick) => flow.support.fold(nick)));
  for (const nick of nicks) watch(flow, 'contact.list', nick);
}

/** 303 RPL_ISON `me :nick nick…`: whoever was asked for and is not in it is not there. */
export function onIsonReply(flow: IrcFlow): void {
  const there = words(flow.line.param(1));
  const keys = new Set<string>();
  for (const nick of there) {
    keys.add(flow.support.fold(nick));
    heard(flow, nick, true);
  }
  for (const key of flow.contacts.asked) {
    if (!keys.has(key)) heard(flow, flow.contacts.nickOf(key) ?? key, false);
  }
  flow.contacts.ask([]);
}

/** `MONITOR + a,b`, `MONITOR - a,b`, `MONITOR C` (IRCv3 monitor). */
export function onMonitor(flow: IrcFlow): void {
  if (!flow.toServer) return;
  const verb = flow.line.param(0).toUpperCase();
  const nicks = namesOf(flow, flow.line.param(1));
  if (verb === '+') for (const nick of nicks) watch(flow, 'contact.add', nick);
  else if (verb === '-') for (const nick of nicks) unwatch(flow, nick);
  else if (verb === 'C')
    for (const nick of flow.contacts.clear()) sayContact(flow, 'contact.remove', nick);
}

/** `WATCH +a -b C`. */
export function onWatch(flow: IrcFlow): void {
  if (!flow.toServer) return;
  for (let i = 0; i < flow.line.count; i++) {
    for (const word of words(flow.line.param(i))) {
      if (word.startsWith('+')) watch(flow, 'contact.add', word.slice(1));
      else if (word.startsWith('-')) unwatch(flow, word.slice(1));
      else if (word.toUpperCase() === 'C') {
        for (const nick of flow.contacts.clear()) sayContact(flow, 'contact.remove', nick);
      }
    }
  }
}

/** 730, 731: `me :nick!u@h,nick…` is or is not there. */
export function onMonitorReply(flow: IrcFlow, online: boolean): void {
  for (const target of namesOf(flow, flow.line.param(1))) {
    heard(flow, target.split('!', 1)[0] ?? target, online);
  }
}

/** 600, 601, 604, 605: `me nick user host time :text`. */
export function onWatchReply(flow: IrcFlow, online: boolean): void {
  heard(flow, flow.line.param(1), online);
}

function heard(flow: IrcFlow, nick: string, online: boolean): void {
  if (nick === '' || !flow.contacts.heard(flow.support.fold(nick), online)) return;
  sayPresence(flow, nick, online ? 'available' : 'offline', undefined);
}

function watch(flow: IrcFlow, kind: 'contact.list' | 'contact.add', nick: string): void {
  const { contacts } = flow;
  if (nick === '') return;
  const news = contacts.add(flow.support.fold(nick), nick);
  if (news || (contacts.full && kind === 'contact.add')) sayContact(flow, kind, nick);
  if (!news && contacts.full) flow.tableFull();
}

function unwatch(flow: IrcFlow, nick: string): void {
  if (nick === '') return;
  flow.contacts.remove(flow.support.fold(nick));
  sayContact(flow, 'contact.remove', nick);
}

function sayContact(flow: IrcFlow, kind: EventKind, nick: string): void {
  const event = flow.tagged(kind);
  event.from = flow.nick;
  event.contact = nick;
  flow.say(event);
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
