/** BATCH, TAGMSG and REDACT: lines that say something about other lines. */
import { Anomaly } from './anomalies.ts';
import { Multiline } from './batches.ts';
import { stripFormatting } from './formatting.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { copyOf, encryptionOf, type Saying, sayText, textEvent } from './say-text.ts';
import { Tag } from './tags.ts';
import { recipientsOf, routeOf } from './targets.ts';

/** `BATCH +ref type params…` opens, `BATCH -ref` closes. */
export function onBatch(flow: IrcFlow): void {
  const { line, tags, batches } = flow;
  const ref = line.param(0);
  if (ref.startsWith('-')) {
    const closed = batches.close(ref.slice(1));
    if (closed?.multiline !== undefined) sayMultiline(flow, closed.multiline, closed.history);
    return;
  }
  if (!ref.startsWith('+')) return;
  const multiline = new Multiline(
    line.param(2),
    flow.from,
    tags.value(Tag.MessageId),
    tags.value(Tag.Reply),
  );
  const parent = tags.value(Tag.Batch);
  if (!batches.open(ref.slice(1), line.param(1), parent, multiline)) {
    flow.anomaly(Anomaly.BatchTooLarge);
  }
}

/** The stream ends or has a gap: what was gathered is all there will be. */
export function closeBatches(flow: IrcFlow, end: number): void {
  const { batches } = flow;
  flow.line.clear();
  for (const { multiline, history } of batches.closeAll()) {
    if (multiline === undefined) continue;
    flow.begin(multiline.start, end);
    flow.tags.read(flow.line.buffer, -1, -1);
    sayMultiline(flow, multiline, history);
  }
}

/** The unit is all lines of the batch, from its opening to its closing line. */
function sayMultiline(flow: IrcFlow, multiline: Multiline, history: boolean): void {
  if (multiline.text === '') return;
  const text = stripFormatting(multiline.text);
  for (const recipients of recipientsOf(flow, multiline.target)) {
    const saying: Saying = {
      recipients: [recipients],
      from: multiline.speaker,
      notice: multiline.notice,
      form: multiline.notice ? 'notice' : undefined,
      start: -1,
      end: -1,
    };
    const event = textEvent(flow, recipients, saying);
    event.text = some(text);
    if (text !== multiline.text) event.markup = multiline.text;
    event.messageId = multiline.messageId;
    event.refersTo = multiline.refersTo;
    event.encrypted = encryptionOf(text);
    if (history) event.copy = 'history';
    flow.sayUnit(event, multiline.start, flow.to);
  }
}

const TYPING: Readonly<Record<string, string>> = {
  active: 'composing',
  paused: 'paused',
  done: 'active',
};

/** Tags alone: somebody types, or reacts to a message. */
export function onTagmsg(flow: IrcFlow): void {
  const { line, tags } = flow;
  const from = flow.speaker();
  const typing = tags.value(Tag.Typing);
  const reaction = tags.value(Tag.React);
  if (line.count === 0) return;
  if (typing === undefined && reaction === undefined) {
    sayOther(flow, from);
    return;
  }
  const recipients = recipientsOf(flow, line.param(0));
  if (typing !== undefined) {
    for (const one of recipients) {
      const event = flow.tagged('typing');
      event.from = from;
      if (one.to.length > 0) event.to = one.to;
      event.room = one.room;
      event.route = routeOf(flow, one);
      event.state = TYPING[typing] ?? typing;
      event.copy ??= copyOf(flow, from);
      flow.say(event);
    }
  }
  if (reaction === undefined) return;
  const saying = { recipients, from, notice: false, form: undefined, start: -1, end: -1 };
  sayText(flow, reaction, saying);
}

/** A client-only tag that is newer than this decoder, or somebody's own way to carry words. */
function sayOther(flow: IrcFlow, from: string | undefined): void {
  const other = flow.tags.value(Tag.Other);
  if (other === undefined) return;
  const equals = other.indexOf('=');
  for (const one of recipientsOf(flow, flow.line.param(0))) {
    const event = flow.tagged('app.unknown');
    event.from = from;
    if (one.to.length > 0) event.to = one.to;
    event.room = one.room;
    event.route = routeOf(flow, one);
    event.reason = `TAGMSG ${other.slice(0, equals)}`;
    event.text = some(other.slice(equals + 1));
    event.copy ??= copyOf(flow, from);
    flow.say(event);
  }
}

/** `REDACT target msgid [:reason]` (IRCv3 draft/message-redaction). */
export function onRedact(flow: IrcFlow): void {
  const { line } = flow;
  if (line.count < 2) return;
  const from = flow.speaker();
  const refersTo = some(line.param(1));
  const reason = some(line.param(2));
  for (const one of recipientsOf(flow, line.param(0))) {
    const event = flow.tagged('message.delete');
    event.from = from;
    if (one.to.length > 0) event.to = one.to;
    event.room = one.room;
    event.route = routeOf(flow, one);
    event.refersTo = refersTo;
    event.reason = reason;
    event.copy ??= copyOf(flow, from);
    flow.say(event);
  }
}
