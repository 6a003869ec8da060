/** Signing in and out: NICK, CAP, SASL, STARTTLS, QUIT, ERROR and the numerics that answer. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { NAME_LIMIT } from './irc-limits.ts';

/** NICK: the client asks before it is registered; afterwards only the server's word counts. */
export function onNick(flow: IrcFlow): void {
  const { line } = flow;
  const nick = some(line.param(0));
  if (nick === undefined) return;
  if (flow.toServer) {
    if (!flow.registered) flow.nick = nick;
    return;
  }
  const old = some(line.nick());
  if (flow.isOwn(old)) flow.nick = nick;
  const event = flow.tagged('presence');
  event.from = old;
  event.state = 'renamed';
  event.name = nick;
  flow.say(event);
}

/** `USER name mode * :real name`, shown to whoever asks: kept until the sign-in is said. */
export function onUser(flow: IrcFlow): void {
  const { line } = flow;
  if (!flow.toServer || flow.registered || line.count < 4) return;
  flow.realName = some(boundedCopy(line.param(3), NAME_LIMIT));
}

/** `SETNAME :real name` (IRCv3 setname), from the server with its source. */
export function onSetName(flow: IrcFlow): void {
  const name = some(flow.line.param(0));
  if (name === undefined) return;
  const event = flow.tagged('presence');
  event.from = flow.speaker();
  event.state = flow.toServer ? 'requested' : 'renamed';
  event.status = name;
  flow.say(event);
}

/** 001 RPL_WELCOME: the first parameter is the nick the server granted. */
export function onWelcome(flow: IrcFlow): void {
  if (flow.toServer) return;
  const granted = some(flow.line.param(0));
  if (granted !== undefined) flow.nick = granted;
  if (flow.welcomed) return;
  flow.welcomed = true;
  flow.registered = true;
  const event = flow.tagged('session.login');
  event.from = flow.nick;
  event.name = flow.account;
  event.status = flow.realName;
  flow.realName = undefined;
  flow.say(event);
}

/** 432, 433, 436, 437 `me nick :…`: the nick asked for is not granted. */
export function onNickRefused(flow: IrcFlow): void {
  if (!flow.registered && flow.isOwn(flow.line.param(1))) flow.nick = undefined;
}

/** Any numeric's first parameter is the client's nick: how a flow seen from its middle learns it. */
export function learnNick(flow: IrcFlow): void {
  const { line } = flow;
  if (flow.nick !== undefined || !flow.registered || line.command >= 400) return;
  const first = line.param(0);
  if (/^[^\d*#&@+!:$,.\s][^@!:,.\s]*$/.test(first)) flow.nick = first;
}

/** 005 RPL_ISUPPORT `me KEY=VALUE … :are supported`. */
export function onISupport(flow: IrcFlow): void {
  for (let i = 1; i < flow.line.count; i++) flow.supports(flow.line.param(i));
}

/** `CAP target ACK|NEW|DEL [*] :list`. */
export function onCap(flow: IrcFlow): void {
  if (flow.toServer) return;
  const { line, capabilities } = flow;
  const verb = line.param(1).toUpperCase();
  if (verb === 'ACK') capabilities.changed(line.last(), true);
  else if (verb === 'DEL') capabilities.changed(line.last(), false);
}

/** 290 `me :IDENTIFY-MSG`: the answer to CAPAB. */
export function onCapab(flow: IrcFlow): void {
  if (flow.line.last().toUpperCase() === 'IDENTIFY-MSG') flow.capabilities.identifyOn();
}

/** 900 RPL_LOGGEDIN `me nick!u@h account :…`. */
export function onLoggedIn(flow: IrcFlow): void {
  flow.account = some(flow.line.param(2)) ?? flow.account;
}

/** 903 RPL_SASLSUCCESS. */
export function onSaslSuccess(flow: IrcFlow): void {
  flow.account ??= flow.sasl.account;
  flow.sasl.reset();
}

/** `:nick!u@h ACCOUNT name`, `*` when signed out (account-notify). */
export function onAccount(flow: IrcFlow): void {
  if (flow.toServer || !flow.isOwn(flow.line.nick())) return;
  const name = flow.line.param(0);
  flow.account = name === '*' ? undefined : some(name);
}

/** 463, 464, 465 and 902, 904, 905: the server says no. */
export function onRefused(flow: IrcFlow, sasl: boolean): void {
  const event = flow.tagged('session.failed');
  event.from = flow.nick;
  event.name = sasl ? flow.sasl.account : undefined;
  event.reason = some(flow.line.last());
  flow.sasl.reset();
  flow.say(event);
}

/** The client's part of SASL. */
export function onAuthenticate(flow: IrcFlow): void {
  if (flow.toServer) flow.sasl.said(flow.line.param(0));
}

/** 901 RPL_LOGGEDOUT. */
export function onLoggedOut(flow: IrcFlow): void {
  flow.account = undefined;
}

/** STARTTLS: what the client says until the answer is never read. */
export function onStartTls(flow: IrcFlow): void {
  if (flow.toServer) flow.awaitsTls = true;
}

/** 670 RPL_STARTTLS: the rest is TLS. */
export function onTlsGranted(flow: IrcFlow): void {
  if (flow.toServer || !flow.awaitsTls) return;
  flow.handedOver = true;
  flow.sink.handOver('tls', 'starttls');
}

/** The client's QUIT ends the session; the server's says who else is gone. */
export function onQuit(flow: IrcFlow): void {
  const who = flow.speaker();
  const reason = some(flow.line.param(0));
  if (flow.toServer || flow.isOwn(who)) sayLogout(flow, reason);
  else {
    const event = flow.tagged('presence');
    event.from = who;
    event.state = 'offline';
    event.reason = reason;
    flow.say(event);
  }
}

/**
 * ERROR is the server's last word before it closes, but some servers (ngIRCd) also complain with
 * it and go on: unless the text says so, it counts when the stream ends.
 */
export function onError(flow: IrcFlow): void {
  if (flow.toServer) return;
  const text = flow.line.last();
  if (/^closing/i.test(text)) ended(flow, text);
  else flow.lastError = text;
}

/** The server's stream ended. */
export function onEnd(flow: IrcFlow): void {
  if (flow.lastError !== undefined) ended(flow, flow.lastError);
}

function ended(flow: IrcFlow, text: string): void {
  flow.lastError = undefined;
  if (flow.registered) sayLogout(flow, some(text));
  else if (!flow.left) {
    flow.left = true;
    const event = flow.tagged('session.failed');
    event.from = flow.nick;
    event.reason = some(text);
    flow.say(event);
  }
}

function sayLogout(flow: IrcFlow, reason: string | undefined): void {
  if (flow.left || (flow.nick === undefined && !flow.registered)) return;
  flow.left = true;
  const event = flow.tagged('session.logout');
  event.from = flow.nick;
  event.reason = reason;
  flow.say(event);
}
