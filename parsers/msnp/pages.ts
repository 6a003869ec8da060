/** Texts to and from telephones, and alerts of the network: PAG, IPG, NOT (dossier msnp.md §5). */
import { utf8 } from '../../src/bytes/text.ts';
import { type MsnpFlow, person, Role } from './msnp-flow.ts';
import { Form } from './neutral.ts';
import { attribute, elementText, tagsOf } from './xml.ts';

/** `PAG t address device len` with `<TEXT …>words</TEXT>`. */
export function onPag(flow: MsnpFlow): void {
  if (!flow.toServer) return;
  const xml = payload(flow);
  const to = person(flow.command.param(1));
  const text = elementText(xml, 'TEXT');
  // Whatever it is, somebody's telephone may show it.
  if (text === undefined && xml.trim() !== '') flow.unknown('PAG', xml);
  else say(flow, 'sms', flow.account, to === undefined ? undefined : [to], text);
}

/** `IPG len`: a page from a telephone, `<NOTIFICATION><FROM name="tel:…"/>…<TEXT>words</TEXT>`. */
export function onIpg(flow: MsnpFlow): void {
  const xml = payload(flow);
  const to = flow.account === undefined ? undefined : [flow.account];
  say(flow, 'sms', from(xml), to, elementText(xml, 'TEXT'));
}

/** `NOT len`: an alert; of changes in the address book there is no text. */
export function onNot(flow: MsnpFlow): void {
  if (flow.toServer) return;
  const text = elementText(payload(flow), 'TEXT');
  const to = flow.account === undefined ? undefined : [flow.account];
  say(flow, 'headline', undefined, to, text);
}

function payload(flow: MsnpFlow): string {
  const { command } = flow;
  flow.become(Role.Notification);
  flow.form = Form.Blank;
  flow.head = command.payloadStart - command.start;
  return utf8(command.buffer, command.payloadStart, command.end);
}

function from(xml: string): string | undefined {
  for (const tag of tagsOf(xml)) {
    if (tag.name === 'from') return person(attribute(tag.attributes, 'name') ?? '');
  }
  return undefined;
}

function say(
  flow: MsnpFlow,
  form: 'sms' | 'headline',
  sender: string | undefined,
  to: readonly string[] | undefined,
  text: string | undefined,
): void {
  if (text === undefined || text.trim() === '') return;
  const event = flow.bare('message');
  event.form = form;
  event.route = form === 'sms' ? 'direct' : 'service';
  event.from = sender;
  event.to = to;
  event.text = text.trim();
  flow.say(event);
}
