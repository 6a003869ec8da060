/** Presence and status text: CHG, NLN, ILN, FLN, UBX, UUX, PRP, REA (dossier msnp.md §5). */
import { utf8 } from '../../src/bytes/text.ts';
import { type MsnpFlow, person, Role, some } from './msnp-flow.ts';
import { Form } from './neutral.ts';
import { statusText } from './status-text.ts';

const STATES: Readonly<Record<string, string>> = {
  NLN: 'available',
  BSY: 'busy',
  IDL: 'idle',
  BRB: 'brb',
  AWY: 'away',
  PHN: 'phone',
  LUN: 'lunch',
  HDN: 'invisible',
  FLN: 'offline',
};

export function stateOf(code: string): string | undefined {
  return STATES[code.toUpperCase()] ?? some(code.toLowerCase());
}

/** `CHG t NLN caps [object]`: the account's own; the server repeats it. */
export function onChg(flow: MsnpFlow): void {
  flow.become(Role.Notification);
  if (!flow.toServer) return;
  flow.form = Form.Ping;
  sayState(flow, flow.account, stateOf(flow.command.param(1)), undefined);
}

/** `NLN state address [network] name caps [object]`. */
export function onNln(flow: MsnpFlow): void {
  contactState(flow, 0);
}

/** `ILN t state address [network] name caps [object]`: as it is at sign-in. */
export function onIln(flow: MsnpFlow): void {
  contactState(flow, 1);
}

function contactState(flow: MsnpFlow, at: number): void {
  const { command } = flow;
  flow.become(Role.Notification);
  flow.form = Form.Pong;
  // A name may be a number, too: a network is one where capabilities follow the name behind it.
  const networked = /^\d{1,3}$/.test(command.param(at + 2)) && /^\d+/.test(command.param(at + 4));
  const name = some(command.param(at + (networked ? 3 : 2)));
  const from = some(command.address(at + 1));
  sayState(flow, from, stateOf(command.param(at)), name);
}

/** `FLN address [network caps]`. */
export function onFln(flow: MsnpFlow): void {
  flow.become(Role.Notification);
  flow.form = Form.Pong;
  sayState(flow, some(flow.command.address(0)), 'offline', undefined);
}

export function sayState(
  flow: MsnpFlow,
  from: string | undefined,
  state: string | undefined,
  name: string | undefined,
  status?: string,
): void {
  const event = flow.bare('presence');
  event.from = from;
  event.state = state;
  event.status = status;
  if (!flow.toServer && flow.account !== undefined && from !== flow.account) {
    event.to = [flow.account];
  }
  event.name = name;
  flow.say(event);
}

/** `UBX address [network] len`, `UUX t len`: `<Data><PSM>text</PSM><CurrentMedia>…</CurrentMedia></Data>`. */
export function onStatusText(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (command.end === command.payloadStart) return;
  flow.form = Form.EmptyStatus;
  flow.head = command.payloadStart - command.start;
  const status = statusText(utf8(command.buffer, command.payloadStart, command.end));
  if (status === undefined) return;
  const from = flow.toServer ? flow.account : person(command.param(0));
  sayState(flow, from, undefined, undefined, status);
}

/** `PRP t MFN name` (MSNP10 and later), `REA t own-address name` (before): the account's own name. */
export function onRename(flow: MsnpFlow): void {
  const { command } = flow;
  flow.become(Role.Notification);
  if (!flow.toServer) return;
  const own = command.isParam(1, 'MFN') || flow.isOwn(command.address(1));
  const name = some(command.param(2));
  if (!own || name === undefined) return;
  flow.form = Form.Ping;
  sayState(flow, flow.account, 'renamed', name);
}
