/**
 * Text messages to and from telephones: a small XML text, to the network in an ICQ envelope
 * (<icq_sms_message>, destination, text), from it in a plugin message (<sms_message>, sender, text;
 * <sms_delivery_receipt>).
 */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { undoReferences } from '../framing/html-text.ts';
import type { IcqMessage } from './icq-message.ts';
import { type OscarFlow, some } from './oscar-flow.ts';

type Place = Pick<IcqMessage, 'buffer' | 'start' | 'end'>;
const LESS = 0x3c;

export function isSms({ buffer, start, end }: Place): boolean {
  const at = buffer.subarray(start, end).indexOf(LESS);
  if (at === -1) return false;
  const head = utf8OrWindows1252(buffer, start + at, Math.min(end, start + at + 64));
  return /^<(?:icq_)?sms_/.test(head);
}

/** The XML may stand behind binary fields: it is read from its first `<`. */
export function saySms(flow: OscarFlow, place: Place): void {
  const { buffer, start, end } = place;
  const from = start + Math.max(0, buffer.subarray(start, end).indexOf(LESS));
  const xml = utf8OrWindows1252(buffer, from, end);
  const text = element(xml, 'text');
  if (xml.startsWith('<sms_delivery_receipt')) {
    const receipt = flow.newEvent('message.receipt');
    const sender = element(xml, 'destination');
    receipt.from = sender;
    receipt.to = flow.account === undefined ? undefined : [flow.account];
    receipt.form = 'sms';
    receipt.state = element(xml, 'delivered')?.toLowerCase() === 'yes' ? 'delivered' : 'failed';
    flow.say(receipt);
    return;
  }
  const event = flow.between('message', element(xml, flow.toServer ? 'destination' : 'sender'));
  event.form = 'sms';
  event.route = 'direct';
  event.text = text;
  flow.say(event);
}

function element(xml: string, name: string): string | undefined {
  const open = xml.indexOf(`<${name}>`);
  if (open === -1) return undefined;
  const from = open + name.length + 2;
  const close = xml.indexOf(`</${name}>`, from);
  return some(undoReferences(xml.slice(from, close === -1 ? undefined : close)).trim());
}
