/** A text and its recipients as events: formatting out, secrets masked, copies marked. */
import { utf8Prefix } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { stripFormatting } from './formatting.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { maskSecret } from './secrets.ts';
import { type Recipients, routeOf } from './targets.ts';

export interface Saying {
  /** One event each; none is an event for nobody by name. */
  readonly recipients: readonly Recipients[];
  readonly from: string | undefined;
  readonly notice: boolean;
  readonly form: ImEvent['form'];
  /** Where the text stands in the line's buffer; -1 where it does not. */
  readonly start: number;
  readonly end: number;
}

/** True when the unit was taken off the wire. */
export function sayText(flow: IrcFlow, text: string, saying: Saying): boolean {
  const { start, end } = saying;
  const there = start !== -1 && utf8Prefix(flow.line.buffer, start, end) === end;
  const plain = stripFormatting(text);
  const shown = masked(flow, plain, saying.recipients);
  const verbatim = there && shown === text;
  let refused = false;
  for (const recipients of everybody(saying.recipients)) {
    const event = textEvent(flow, recipients, saying);
    event.text = some(shown);
    if (plain !== text && shown === plain) event.markup = text;
    event.encrypted = encryptionOf(shown);
    if (flow.say(event, verbatim ? start : -1, verbatim ? end : -1)) refused = true;
  }
  return refused;
}

/** A message event of the line under the hand, without its text. */
export function textEvent(flow: IrcFlow, recipients: Recipients, saying: Saying): ImEvent {
  const event = flow.tagged('message');
  event.from = saying.from;
  if (recipients.to.length > 0) event.to = recipients.to;
  event.room = recipients.room;
  event.form = saying.form;
  event.route = nobody(recipients) ? 'service' : routeOf(flow, recipients);
  if (event.copy === undefined) event.copy = copyOf(flow, saying.from);
  return event;
}

/** A line from the server whose source is the client repeats what the client, or a twin, said. */
export function copyOf(flow: IrcFlow, from: string | undefined): ImEvent['copy'] {
  if (flow.toServer || !flow.isOwn(from)) return undefined;
  return flow.capabilities.selfMessage && !flow.capabilities.echo ? 'carbon' : 'echo';
}

/** End-to-end encryption that shows in the text. */
export function encryptionOf(text: string): string | undefined {
  if (text.startsWith('?OTR')) return 'otr';
  return text.startsWith('+OK ') || text.startsWith('mcps ') ? 'fish' : undefined;
}

const NOBODY: readonly Recipients[] = [{ room: undefined, to: [] }];

function everybody(recipients: readonly Recipients[]): readonly Recipients[] {
  return recipients.length === 0 ? NOBODY : recipients;
}

function nobody({ room, to }: Recipients): boolean {
  return room === undefined && to.length === 0;
}

function masked(flow: IrcFlow, text: string, recipients: readonly Recipients[]): string {
  for (const { to } of recipients) {
    for (const name of to) {
      const shown = maskSecret(flow.support.fold(name), text);
      if (shown !== text) return shown;
    }
  }
  return text;
}
