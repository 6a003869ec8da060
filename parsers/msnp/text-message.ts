/** Chat text and typing notices. */

import { decodeBase64 } from '../../src/bytes/base64.ts';
import { find } from '../../src/bytes/find.ts';
import { ascii, utf8, utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { charsetText } from '../framing/charset-text.ts';
import { Anomaly } from './anomalies.ts';
import type { Content } from './content.ts';
import { person, some } from './msnp-flow.ts';
import { spoken } from './speech.ts';

const CR = 0x0d;
const UTF16 = new TextDecoder('utf-16be', { ignoreBOM: true });

/** text/plain: UTF-8. Fonts and colours stand in X-MMS-IM-Format, not in the text. */
export function onText({ flow, speech, buffer, start, end, verbatim }: Content): void {
  const { headers } = flow;
  const event = spoken(flow, speech, 'message');
  const charset = charsetOf(headers.value('content-type') ?? '');
  if (charset !== undefined) flow.anomaly(Anomaly.OddCharset);
  const text = decoded(buffer, start, end, charset);
  event.text = some(text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text);
  event.messageId = some(headers.value('message-id'));
  event.form = speech.sms ? 'sms' : undefined;
  const name = headers.value('p4-context');
  if (name !== undefined && name !== '') {
    // A name for this one message: who reads it sees that one.
    event.name = name;
    flow.anomaly(Anomaly.NameOverride);
  }
  const there = verbatim && charset === undefined && end > start && isVerbatim(buffer, start, end);
  if (there) flow.say(event, start, end);
  else flow.say(event);
}

/** Behind the first `=` of the parameters, as libpurple takes it; undefined for UTF-8. */
function charsetOf(type: string): string | undefined {
  const charset = /;[^=]*=\s*"?([^";\s]{1,40})/.exec(type)?.[1]?.toLowerCase();
  return charset === 'utf-8' || charset === 'utf8' ? undefined : charset;
}

function decoded(
  buffer: Uint8Array,
  start: number,
  end: number,
  charset: string | undefined,
): string {
  if (charset === undefined || charset === 'us-ascii') return utf8OrWindows1252(buffer, start, end);
  if (charset === 'utf-7') return utf7(utf8(buffer, start, end));
  return charsetText(buffer, start, end, charset);
}

/** RFC 2152: `+`, base64 of UTF-16, and `-` where a letter follows; `+-` is a plus. */
function utf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (whole, coded: string) => {
    if (coded === '') return '+';
    const octets = ascii(coded);
    const units = decodeBase64(octets, 0, octets.length);
    return units === undefined ? whole : UTF16.decode(units.subarray(0, units.length & ~1));
  });
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
