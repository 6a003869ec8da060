/** Signing in at an ADC hub, who comes and goes, what the hub is called (ADC 1.0 §5.3). */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { AdcFlow } from './adc-flow.ts';
import { named } from './adc-line.ts';
import type { AdcUser } from './adc-users.ts';
import { HUB_NAME_LIMIT, NAME_LIMIT } from './nmdc-limits.ts';

/** `ISID AAAB`. */
export function onSid(flow: AdcFlow): void {
  if (!flow.toServer) flow.sid = flow.line.word(0).slice(0, 4);
}

/** `BINF sid …`: of a client, its own; of the hub, anybody's. `IINF …`: the hub's own. */
export function onUserInf(flow: AdcFlow): void {
  const sid = flow.line.word(0);
  const words = flow.line.words(1);
  if (flow.toServer) {
    onOwnInf(flow, sid, words);
    return;
  }
  const { before, now } = flow.users.learn(sid, words);
  if (now.cid !== undefined && now.nick !== undefined)
    flow.context.memory.set(`cid ${now.cid}`, now.nick);
  if (sid === flow.sid) onOwnEcho(flow, now, before);
  else onOther(flow, now, before);
}

function onOwnInf(flow: AdcFlow, sid: string, words: readonly string[]): void {
  flow.sid ??= sid.slice(0, 4);
  const nick = named(words, 'NI');
  if (nick !== undefined) flow.tried = boundedCopy(nick, NAME_LIMIT);
  // What the client says of itself is kept apart from the hub's copy of it.
  const { before, now } = flow.users.learn(OWN, words);
  if (before === undefined || differs(before, now)) sayPresence(flow, flow.speaker(sid), now);
}

const OWN = 'own';

/** The hub's copy of the client's own words: it is let in. */
function onOwnEcho(flow: AdcFlow, now: AdcUser, before: AdcUser | undefined): void {
  const nick = now.nick ?? flow.tried;
  if (!flow.signedIn && nick !== undefined) {
    flow.signedIn = true;
    flow.account = nick;
    const event = flow.make('session.login');
    event.from = nick;
    flow.say(event);
  } else if (nick !== undefined && nick !== flow.account) {
    renamed(flow, flow.account, nick);
    flow.account = nick;
  }
  if (before === undefined || differs(before, now)) sayPresence(flow, nick, now, 'echo');
}

function onOther(flow: AdcFlow, now: AdcUser, before: AdcUser | undefined): void {
  if (before === undefined) {
    if (flow.signedIn) flow.say(flow.inRoom('room.join', now.nick));
    if (!flow.signedIn || now.status !== undefined || now.state !== 'available')
      sayPresence(flow, now.nick, now);
    return;
  }
  if (before.nick !== undefined && now.nick !== before.nick) renamed(flow, before.nick, now.nick);
  if (differs(before, now)) sayPresence(flow, now.nick, now);
}

function differs(before: AdcUser, now: AdcUser): boolean {
  return before.state !== now.state || before.status !== now.status;
}

function sayPresence(flow: AdcFlow, from: string | undefined, user: AdcUser, copy?: 'echo'): void {
  const event = flow.inRoom('presence', from);
  event.state = user.state;
  event.status = user.status;
  event.copy = copy;
  flow.say(event);
}

function renamed(flow: AdcFlow, from: string | undefined, name: string | undefined): void {
  const event = flow.inRoom('presence', from);
  event.state = 'renamed';
  event.name = name;
  flow.say(event);
}

export function onHubInf(flow: AdcFlow): void {
  if (flow.toServer) return;
  const words = flow.line.words(0);
  const name = named(words, 'NI');
  if (name !== undefined) flow.hubName = boundedCopy(name, HUB_NAME_LIMIT);
  const text = named(words, 'DE');
  if (text === undefined || boundedCopy(text, NAME_LIMIT) === flow.topic) return;
  flow.topic = boundedCopy(text, NAME_LIMIT);
  const event = flow.inRoom('room.topic', undefined);
  event.text = text;
  flow.say(event);
}

/** `IQUI sid [ID by whom] [MS why] [RD to where]`. */
export function onQuit(flow: AdcFlow): void {
  if (flow.toServer) return;
  const sid = flow.line.word(0);
  const words = flow.line.words(1);
  const by = named(words, 'ID');
  const target = named(words, 'RD');
  const reason =
    named(words, 'MS') ?? (target === undefined ? undefined : `redirected to ${target}`);
  if (sid === flow.sid) {
    const event = flow.make(flow.signedIn ? 'session.logout' : 'session.failed');
    event.account ??= flow.tried;
    event.from = event.account;
    event.reason = reason;
    flow.signedIn = false;
    flow.say(event);
    return;
  }
  const nick = flow.users.nick(sid);
  flow.users.forget(sid);
  if (by === undefined) {
    const event = flow.inRoom('room.leave', nick);
    event.reason = reason;
    flow.say(event);
    return;
  }
  const event = flow.inRoom('room.kick', flow.nickOf(by));
  if (nick !== undefined) event.to = [nick];
  event.reason = reason;
  flow.say(event);
}

/** `ISTA code text`: a code from 100 is an error. Before the sign-in it is refused. */
export function onHubStatus(flow: AdcFlow): void {
  if (flow.toServer || flow.signedIn || flow.context.midstream) return;
  const code = flow.line.word(0);
  if (!/^[12]\d\d$/.test(code)) return;
  const event = flow.make('session.failed');
  event.account = flow.tried;
  event.from = flow.tried;
  event.reason = flow.line.word(1) || code;
  flow.say(event);
}
