/** Signing in and out (dossier §5). Hashes, challenges, cookies and tokens are in no event. */
import { HeaderStatus, Service } from './services.ts';
import { canonicalId } from './text-value.ts';
import { Login, type YmsgFlow } from './ymsg-flow.ts';

/** Key 66 of a refused sign-in. */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [0, 'unknown error'],
  [3, 'no such user'],
  [13, 'wrong user name or password'],
  [14, 'account locked'],
  [29, 'account locked: too many attempts'],
  [52, 'try again'],
  [1013, 'malformed user name'],
  [99, 'signed in elsewhere'],
]);
const ELSEWHERE = 'signed in elsewhere';

/** 0x57: who wants to sign in; the server's challenge tells nothing new. */
export function onAuth(flow: YmsgFlow): void {
  const id = flow.id(1) ?? flow.id(0);
  if (flow.login === Login.In) return;
  flow.account = id ?? flow.account;
  if (flow.toServer && flow.login !== Login.Answered) flow.login = Login.Asked;
}

/** 0x54 to the server: the answer to the challenge; from the server: refused, or at first nothing. */
export function onAuthResponse(flow: YmsgFlow): void {
  if (flow.toServer) {
    const id = flow.id(0) ?? flow.id(1);
    if (flow.login === Login.In) return;
    flow.account = id ?? flow.account;
    flow.learnIdentity(flow.id(1));
    flow.login = Login.Answered;
    return;
  }
  const code = flow.pairs.number(66);
  if (code === undefined && flow.packet.status !== HeaderStatus.Failed) return;
  flow.learnAccount(flow.id(0) ?? flow.id(1));
  refuse(flow, refusal(code));
}

/** A list or the own presence from the server: the sign-in was granted. */
export function grant(flow: YmsgFlow): void {
  if (flow.login !== Login.Asked && flow.login !== Login.Answered) return;
  flow.login = Login.In;
  const event = flow.newEvent('session.login');
  event.from = flow.account;
  flow.say(event);
}

/** 0x02: to the server the user's wish; from the server, with status -1, told that somebody else is in. */
export function onLogoff(flow: YmsgFlow): boolean {
  if (flow.toServer) {
    leave(flow, undefined);
    return true;
  }
  if (flow.packet.status !== HeaderStatus.Failed || flow.pairs.find(7) !== -1) return false;
  leave(flow, ELSEWHERE);
  return true;
}

/** 0x7D1: the server ends it. */
export function onDisconnect(flow: YmsgFlow): void {
  const code = flow.pairs.number(66);
  leave(flow, code === undefined ? 'disconnected by the server' : refusal(code));
}

/** 0x55, keys 89 and 3: the account's own identities. */
export function learnIdentities(flow: YmsgFlow): void {
  const { pairs } = flow;
  for (let i = pairs.find(89); i !== -1; i = pairs.find(89, i + 1)) {
    for (const id of (pairs.at(i) ?? '').split(',', 64)) flow.learnIdentity(canonicalId(id));
  }
  flow.learnAccount(flow.id(3) ?? flow.id(0));
}

/** 0x07 and 0x08: an identity of one's own begins or ceases to be seen. */
export function onIdentity(flow: YmsgFlow): void {
  const identity = flow.id(3) ?? flow.id(1);
  const event = flow.newEvent('presence');
  event.from = flow.toServer ? flow.account : identity;
  event.name = identity;
  event.state =
    flow.packet.service === Service.IdActivate ? 'identity-activated' : 'identity-deactivated';
  if (flow.toServer) flow.learnIdentity(identity);
  flow.say(event);
}

/** The streams have ended: what was asked was not answered, or the session is over without a word. */
export function onEnd(flow: YmsgFlow, offset: number): void {
  if (flow.login === Login.Asked || flow.login === Login.Answered) {
    const answered = flow.login === Login.Answered;
    const event = flow.newEvent('session.failed');
    event.from = flow.account;
    event.reason = answered ? 'no answer' : 'not completed';
    flow.sayAt(event, offset);
  } else if (flow.login === Login.In) {
    const event = flow.newEvent('session.logout');
    event.from = flow.account;
    event.reason = 'connection ended';
    flow.sayAt(event, offset);
  }
  flow.login = Login.Out;
}

function leave(flow: YmsgFlow, reason: string | undefined): void {
  if (flow.login === Login.Out) return;
  flow.login = Login.Out;
  const event = flow.newEvent('session.logout');
  event.from = flow.account;
  event.reason = reason;
  flow.say(event);
}

function refuse(flow: YmsgFlow, reason: string): void {
  flow.login = Login.Out;
  const event = flow.newEvent('session.failed');
  event.from = flow.account;
  event.reason = reason;
  flow.say(event);
}

function refusal(code: number | undefined): string {
  return (code === undefined ? undefined : REFUSALS.get(code)) ?? `code ${code ?? 'none'}`;
}
