/** Signing in at a hub, who comes and goes, what the hub is called. */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { NmdcFlow } from './nmdc-flow.ts';
import { HUB_NAME_LIMIT, NAME_LIMIT } from './nmdc-limits.ts';

type Handler = (flow: NmdcFlow, start: number, end: number) => void;

export const onValidateNick: Handler = (flow, start, end) => {
  if (flow.toServer) flow.tried = kept(flow, start, end);
};

export const onVersion: Handler = (flow, start, end) => {
  if (flow.toServer) flow.version = flow.text(start, Math.min(end, start + 16));
};

/** `$Hello ann`: the client is let in, or somebody else came. */
export const onHello: Handler = (flow, start, end) => {
  if (flow.toServer) return;
  const nick = kept(flow, start, end);
  if (nick === undefined) return;
  if (!flow.signedIn && (nick === flow.tried || flow.account === undefined)) {
    if (flow.context.midstream && flow.tried === undefined) return joined(flow, nick);
    signIn(flow, nick);
  } else if (nick !== flow.account) joined(flow, nick);
};

/** `$LogedIn ann`: let in as an operator. Older hubs say no `$Hello` before it. */
export const onLogedIn: Handler = (flow, start, end) => {
  if (flow.toServer || flow.signedIn) return;
  const nick = kept(flow, start, end) ?? flow.tried;
  if (nick !== undefined) signIn(flow, nick);
};

function signIn(flow: NmdcFlow, nick: string): void {
  flow.signedIn = true;
  flow.account = nick;
  const event = flow.make('session.login');
  event.from = nick;
  flow.say(event);
}

function joined(flow: NmdcFlow, nick: string): void {
  flow.say(flow.inRoom('room.join', nick));
}

/** `$BadPass`, `$ValidateDenide ann`, `$HubIsFull`. */
export function onRefused(flow: NmdcFlow, reason: string): void {
  if (flow.toServer) return;
  const event = flow.make('session.failed');
  event.account ??= flow.tried;
  event.from = event.account;
  event.reason = reason;
  flow.say(event);
}

/** `$ForceMove host[:port]`: the client has to leave for another hub. */
export const onForceMove: Handler = (flow, start, end) => {
  if (flow.toServer) return;
  const target = flow.text(start, end);
  const reason = target === undefined ? 'ForceMove' : `ForceMove ${target}`;
  if (!flow.signedIn && flow.account === undefined) return onRefused(flow, reason);
  const event = flow.make('session.logout');
  event.from = flow.account;
  event.reason = reason;
  flow.signedIn = false;
  flow.say(event);
};

export const onQuit: Handler = (flow, start, end) => {
  const nick = kept(flow, start, end);
  if (nick === undefined) return;
  flow.users.forget(nick);
  if (flow.toServer || nick === flow.account) {
    if (!flow.signedIn) return;
    flow.signedIn = false;
    const event = flow.make('session.logout');
    event.from = flow.account;
    flow.say(event);
  } else flow.say(flow.inRoom('room.leave', nick));
};

/** `$HubName name - topic`: what stands behind the first ` - ` is the topic. */
export const onHubName: Handler = (flow, start, end) => {
  if (flow.toServer) return;
  const whole = flow.text(start, end) ?? '';
  const dash = whole.indexOf(' - ');
  const name = (dash === -1 ? whole : whole.slice(0, dash)).trim();
  flow.hubName = name === '' ? undefined : boundedCopy(name, HUB_NAME_LIMIT);
  if (dash !== -1) topic(flow, whole.slice(dash + 3).trim(), undefined);
};

export const onHubTopic: Handler = (flow, start, end) => {
  if (!flow.toServer) topic(flow, (flow.text(start, end) ?? '').trim(), undefined);
};

export const onSetTopic: Handler = (flow, start, end) => {
  if (flow.toServer) topic(flow, (flow.text(start, end) ?? '').trim(), 'requested');
};

function topic(flow: NmdcFlow, text: string, state: 'requested' | undefined): void {
  const kept = boundedCopy(text, NAME_LIMIT);
  if (state === undefined) {
    if (kept === (flow.topic ?? '')) return;
    flow.topic = kept;
  }
  const event = flow.inRoom('room.topic', state === undefined ? undefined : flow.account);
  event.text = text === '' ? undefined : text;
  event.state = state;
  flow.say(event);
}

/** `$Kick bob`, `$Close bob` of an operator. */
export const onKick: Handler = (flow, start, end) => {
  if (flow.toServer) kick(flow, flow.text(start, end), undefined);
};

/** `$OpForceMove $Who:bob$Where:host$Msg:text`. */
export const onOpForceMove: Handler = (flow, start, end) => {
  if (!flow.toServer) return;
  const fields = (flow.text(start, end) ?? '').split('$');
  const field = (name: string) => {
    const found = fields.find((text) => text.startsWith(name));
    return found === undefined || found.length === name.length
      ? undefined
      : found.slice(name.length);
  };
  kick(flow, field('Who:'), field('Msg:'));
};

function kick(flow: NmdcFlow, nick: string | undefined, reason: string | undefined): void {
  const event = flow.inRoom('room.kick', flow.account);
  if (nick !== undefined) event.to = [nick];
  event.reason = reason;
  event.state = 'requested';
  flow.say(event);
}

/** A nick that outlives its command. */
function kept(flow: NmdcFlow, start: number, end: number): string | undefined {
  const text = flow.text(start, end);
  return text === undefined ? undefined : boundedCopy(text, NAME_LIMIT);
}
