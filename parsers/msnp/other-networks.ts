/**
 * Messages that go by the notification server: to other networks (UUM, UBM: Yahoo! is 32), and
 * notifications between clients (UUN, UBN), which carry calls in SIP.
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, utf8, utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { readContent } from './content.ts';
import { type MsnpFlow, Role, some } from './msnp-flow.ts';
import { Form } from './neutral.ts';
import { onSip } from './sip-call.ts';
import type { Speech } from './speech.ts';
import { elementText } from './xml.ts';

/** `UUM t address network type len`. */
export function onUum(flow: MsnpFlow): void {
  const { command } = flow;
  if (!flow.toServer) return;
  carry(flow, outgoing(flow, command.address(1)));
}

/** `UBM address network [to network] type len`. */
export function onUbm(flow: MsnpFlow): void {
  carry(flow, incoming(flow, flow.command.address(0)));
}

function carry(flow: MsnpFlow, speech: Speech): void {
  const { command } = flow;
  flow.become(Role.Notification);
  flow.form = Form.Message;
  flow.head = command.payloadStart - command.start;
  readContent(flow, speech, command.buffer, command.payloadStart, command.end);
}

/** `UUN t address type len`. The answer is `UUN t OK`. */
export function onUun(flow: MsnpFlow): void {
  if (flow.toServer) notify(flow, outgoing(flow, flow.command.address(1)), flow.command.param(2));
}

/** `UBN address type len`. */
export function onUbn(flow: MsnpFlow): void {
  notify(flow, incoming(flow, flow.command.address(0)), flow.command.param(1));
}

/** Types whose payload makes nothing: 1 tells the other places of the account to sign out. */
const SIGN_OUT = '1';

function notify(flow: MsnpFlow, speech: Speech, type: string): void {
  const { command } = flow;
  flow.become(Role.Notification);
  const { buffer, payloadStart: start, end } = command;
  if (end === start) return;
  flow.form = Form.Blank;
  flow.head = start - command.start;
  const first = buffer[start];
  if (first === 0x3c) {
    // `<sip e="base64" fid="1" i="…"><msg>…</msg></sip>`
    const coded = elementText(utf8(buffer, start, end), 'msg') ?? '';
    const octets = ascii(coded.slice(0, end - start));
    const sip = decodeBase64(octets, 0, octets.length);
    if (sip !== undefined && onSip(flow, speech, utf8(sip, 0, sip.length))) return;
  } else if (flow.headers.read(buffer, start, end) !== -1) {
    if (flow.headers.range('content-type') !== undefined && flow.headers.range('mime-version')) {
      readContent(flow, speech, buffer, start, end);
      return;
    }
  }
  if (type === SIGN_OUT) return;
  flow.unknown(
    `${flow.toServer ? 'UUN' : 'UBN'} ${type}`,
    some(utf8OrWindows1252(buffer, start, end)),
  );
}

function outgoing(flow: MsnpFlow, address: string): Speech {
  const to = address === '' ? undefined : [address];
  return { from: flow.account, to, room: undefined, copy: undefined, sms: isTelephone(address) };
}

function incoming(flow: MsnpFlow, address: string): Speech {
  const to = flow.account === undefined ? undefined : [flow.account];
  return { from: some(address), to, room: undefined, copy: undefined, sms: isTelephone(address) };
}

function isTelephone(address: string): boolean {
  return address.startsWith('tel:') || /^\+\d+$/.test(address);
}
