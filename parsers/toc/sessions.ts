/** Signing on and off, and errors. */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { NAME_LIMIT } from './toc-limits.ts';
import { some } from './toc-text.ts';

/** SIGN_ON:TOC1.0 or TOC2.0; said again after PAUSE. */
export function onSignedOn(flow: TocFlow, command: ServerCommand): void {
  const version = /^TOC(\d[\d.]{0,7})/i.exec(command.split(3).text(1))?.[1];
  flow.version = version ?? flow.version;
  if (flow.signOnSeen) return;
  flow.signOnSeen = true;
  flow.signedIn = true;
  const event = flow.newEvent('session.login');
  event.from = flow.account;
  flow.say(event);
}

/** NICK:name as the account writes it. */
export function onNick(flow: TocFlow, command: ServerCommand): void {
  const name = command.name(1);
  if (name !== undefined) flow.account ??= boundedCopy(name, NAME_LIMIT);
}

/** Why signing on failed (dossier oscar.md §7; TOC 1.0 text): 980 and above. */
const SIGN_ON_ERRORS: Readonly<Record<string, string>> = {
  '980': 'wrong name or password',
  '981': 'service unavailable',
  '982': 'warning level too high',
  '983': 'signed on too often',
  '989': 'error 989',
};

/** About a message, with the other party as argument: not delivered, or missed by the account. */
const REPORTS: Readonly<Record<string, string>> = {
  '901': 'failed',
  '903': 'failed',
  '960': 'failed',
  '961': 'missed',
  '962': 'missed',
};

/** ERROR:code:argument. What is refused after signing on is a notice of the network. */
export function onError(flow: TocFlow, command: ServerCommand): void {
  const code = command.split(3).text(1).slice(0, 16);
  const failed = SIGN_ON_ERRORS[code];
  if (failed !== undefined && !flow.signedIn) {
    const event = flow.newEvent('session.failed');
    event.from = flow.account;
    event.reason = failed;
    flow.named = false;
    flow.say(event);
    return;
  }
  const state = REPORTS[code];
  const event =
    state === undefined ? notice(flow) : flow.between('message.receipt', command.name(2));
  event.state = state;
  event.reason = code === '' ? 'error' : `error ${code}`;
  if (state === undefined) event.text = some(command.text(2));
  flow.say(event);
}

function notice(flow: TocFlow): ImEvent {
  const event = flow.newEvent('message');
  event.form = 'notice';
  event.route = 'service';
  if (flow.account !== undefined) event.to = [flow.account];
  return event;
}

/** The connection, or the client with a sign-off frame, ends it. Once. */
export function endSession(flow: TocFlow): void {
  if (!flow.signedIn || flow.account === undefined) return;
  flow.signedIn = false;
  const event = flow.newEvent('session.logout');
  event.from = flow.account;
  flow.say(event);
}
