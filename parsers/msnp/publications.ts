/**
 * PUT and NFY (MSNP18 to 21): presence and circles as publications. Blocks of headers as in SDG; the third has
 * `Uri: /user` or `/circle`, and the body is XML:
 *   <user><s n="IM"><Status>NLN</Status></s><s n="PE"><FriendlyName>…</FriendlyName><PSM>…</PSM></s></user>
 */
import { utf8 } from '../../src/bytes/text.ts';
import { HeaderBlock } from '../framing/header-block.ts';
import { type MsnpFlow, person, Role, some } from './msnp-flow.ts';
import { sayState, stateOf } from './presence.ts';
import { statusText } from './status-text.ts';
import { elementText } from './xml.ts';

/** `PUT t len`: the account's own. */
export function onPut(flow: MsnpFlow): void {
  if (flow.toServer) publication(flow, true);
}

/** `NFY PUT len`, `NFY DEL len`. */
export function onNfy(flow: MsnpFlow): void {
  publication(flow, !flow.command.isParam(0, 'DEL'));
}

function publication(flow: MsnpFlow, puts: boolean): void {
  const { command } = flow;
  flow.become(Role.Notification);
  const { buffer, payloadStart, end } = command;
  if (end === payloadStart) return;
  const block = new HeaderBlock();
  const second = block.read(buffer, payloadStart, end);
  const to = block.value('to') ?? '';
  const sender = person(block.value('from') ?? '');
  const third = second === -1 ? -1 : block.read(buffer, second, end);
  const body = third === -1 ? -1 : block.read(buffer, third, end);
  const uri = block.value('uri') ?? '';
  block.clear();
  if (third === -1) {
    flow.unknown(puts ? 'NFY' : 'NFY DEL');
    return;
  }
  const from = flow.toServer ? (flow.account ?? sender) : sender;
  // A circle's own publications are its name and its members' roles.
  if (!uri.startsWith('/user') || /^9:/.test(to) || from === undefined) return;
  if (!puts) {
    sayState(flow, from, 'offline', undefined);
    return;
  }
  const xml = utf8(buffer, body === -1 ? end : body, end);
  const code = some(elementText(xml, 'Status')?.trim());
  const state = code === undefined ? undefined : stateOf(code);
  const name = some(elementText(xml, 'FriendlyName'));
  const status = statusText(xml);
  if (state ?? name ?? status) sayState(flow, from, state, name, status);
}
