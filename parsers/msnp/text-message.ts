/** Chat text and typing notices. */
import { find } from '../../src/bytes/find.ts';
import { utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import type { Content } from './content.ts';
import { person, some } from './msnp-flow.ts';
import { spoken } from './speech.ts';

const CR = 0x0d;

/** text/plain: UTF-8. Fonts and colours stand in X-MMS-IM-Format, not in the text. */
export function onText({ flow, speech, buffer, start, end, verbatim }: Content): void {
  const { headers } = flow;
  const event = spoken(flow, speech, 'message');
  const text = utf8OrWindows1252(buffer, start, end);
  event.text = some(text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text);
  event.messageId = some(headers.value('message-id'));
  event.form = speech.sms ? 'sms' : undefined;
  const name = headers.value('p4-context');
  if (name !== undefined && name !== '') {
    // A name for this one message: who reads it sees that one.
    event.name = name;
    flow.anomaly(Anomaly.NameOverride);
  }
  const there = verbatim && end > start && isVerbatim(buffer, start, end);
  if (there) flow.say(event, start, end);
  else flow.say(event);
}

/** The octets are the text: UTF-8, and no line end that was changed. */
function isVerbatim(buffer: Uint8Array, start: number, end: number): boolean {
  return find(buffer, CR, start, end) === -1 && utf8Prefix(buffer, start, end) === end;
}

/** text/x-msmsgscontrol: `TypingUser: ann@example.com`; RecordingUser while a voice clip is spoken. */
export function onTyping({ flow, speech }: Content): void {
  const { headers } = flow;
  const named = headers.value('typinguser') ?? headers.value('recordinguser');
  if (named === undefined) return;
  const typist = person(named);
  if (flow.toServer && typist !== undefined) flow.learnAccount(typist);
  const from = speech.from ?? (flow.toServer ? flow.account : typist);
  if (typist !== undefined && typist !== from) flow.anomaly(Anomaly.TypingForOther);
  const event = spoken(flow, { ...speech, from }, 'typing');
  event.state = 'composing';
  flow.say(event);
}
