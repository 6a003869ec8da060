/** Signing in and out: VER, USR, XFR, OUT, and what the server answers instead (dossier msnp.md §4). */
import { onAdmitted, onEntering, rememberTicket } from './entry.ts';
import { errorText } from './errors.ts';
import { isAddress } from './escapes.ts';
import { kept, type MsnpFlow, person, Role } from './msnp-flow.ts';
import { Form } from './neutral.ts';

const OLDEST = 2;
const NEWEST = 21;

/** `VER t MSNP15 MSNP14 CVR0`; the answer names one, or 0. */
export function onVer(flow: MsnpFlow): void {
  flow.become(Role.Notification);
  if (flow.toServer) return;
  const { command } = flow;
  const number = /^MSNP(\d{1,3})$/i.exec(command.param(1))?.[1];
  if (number === undefined) {
    if (command.isParam(1, '0')) sayFailed(flow, 'no version in common');
    return;
  }
  flow.version = number;
  const known = Number(number) >= OLDEST && Number(number) <= NEWEST;
  if (!known) flow.unknown(`MSNP${number}`);
}

/** `CVR t … address`: the address, where the client tells it. */
export function onCvr(flow: MsnpFlow): void {
  flow.become(Role.Notification);
  const { command } = flow;
  if (flow.toServer && command.isAddress(command.last)) {
    flow.trying = kept(command.address(command.last));
  }
}

/**
 * Notification server: `USR t TWN|SSO|MD5|SHA I address`, then `… S secret`; `USR t OK address name …`.
 * Switchboard: `USR t address[;{guid}] ticket`; `USR t OK address name`.
 */
export function onUsr(flow: MsnpFlow): void {
  const { command } = flow;
  if (!flow.toServer) {
    onUsrAnswer(flow);
    return;
  }
  if (command.isAddress(1)) {
    onEntering(flow);
    return;
  }
  flow.become(Role.Notification);
  if (flow.role !== Role.Notification || flow.signedIn || !command.isParam(2, 'I')) return;
  const address = command.address(3);
  if (isAddress(address)) flow.account = flow.trying = kept(address);
}

function onUsrAnswer(flow: MsnpFlow): void {
  const { command } = flow;
  if (!command.isParam(1, 'OK')) return;
  // Of a switchboard there is a name at most; MSNP8 and later say more to who signed in.
  flow.become(command.count > 4 ? Role.Notification : Role.Switchboard);
  if (flow.role === Role.Switchboard) {
    onAdmitted(flow);
    return;
  }
  if (flow.signedIn) return;
  const address = command.address(2);
  if (isAddress(address)) flow.account = kept(address);
  flow.signedIn = true;
  flow.trying = undefined;
  const event = flow.bare('session.login');
  event.from = flow.account;
  // `OK address name verified kids`; without the name since MSNP10.
  if (command.count > 5 || (command.count === 4 && command.decimal(3) === -1)) {
    event.name = command.param(3) || undefined;
  }
  flow.form = Form.None;
  flow.say(event);
}

/** `ANS t address[;{guid}] ticket session`. */
export function onAns(flow: MsnpFlow): void {
  flow.become(Role.Switchboard);
  if (flow.toServer) onEntering(flow);
  else if (flow.command.isParam(1, 'OK')) onAdmitted(flow);
}

/** `XFR t NS host:port …` sends the client elsewhere; `XFR t SB host:port CKI ticket …` opens a conversation. */
export function onXfr(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (flow.toServer) return;
  if (command.isParam(1, 'NS')) flow.leaving = true;
  else if (command.isParam(1, 'SB')) rememberTicket(flow, command.param(4));
}

/** `911 t`: where the client is still signing in, it is refused. */
export function onError(flow: MsnpFlow): void {
  const { command } = flow;
  if (flow.role !== Role.Notification || flow.signedIn || flow.trying === undefined) return;
  sayFailed(flow, errorText(command.verb));
}

/** `OUT`, from the server with a reason. */
export function onOut(flow: MsnpFlow): void {
  const { command } = flow;
  if (flow.role === Role.Switchboard) {
    if (flow.toServer && flow.participants.isRoom && !flow.leaving) {
      const event = flow.newEvent('room.leave');
      event.from = flow.account;
      flow.say(event);
    }
    flow.leaving = true;
    return;
  }
  const reason = flow.toServer ? undefined : REASONS[command.param(0).toUpperCase()];
  if (flow.signedIn) sayLogout(flow, reason);
  else if (flow.trying !== undefined && !flow.leaving) {
    sayFailed(flow, reason ?? 'left before the server had answered');
  }
  flow.leaving = true;
}

const REASONS: Readonly<Record<string, string>> = {
  OTH: 'signed in at another place',
  SSD: 'the server goes down',
  RCT: 'asked to connect again',
};

/** The stream ends without a word. */
export function onEnd(flow: MsnpFlow): void {
  if (flow.signedIn) sayLogout(flow, undefined);
}

function sayLogout(flow: MsnpFlow, reason: string | undefined): void {
  const event = flow.bare('session.logout');
  event.from = flow.account;
  event.reason = reason;
  flow.signedIn = false;
  flow.say(event);
}

function sayFailed(flow: MsnpFlow, reason: string): void {
  const event = flow.bare('session.failed');
  event.from = person(flow.trying ?? '');
  event.reason = reason;
  flow.trying = undefined;
  flow.say(event);
}
