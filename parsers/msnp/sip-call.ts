/** Voice and video calls of Windows Live Messenger: SIP inside UUN and UBN (dossier msnp.md §8). */
import type { EventKind } from '../../src/event/kinds.ts';
import type { MsnpFlow } from './msnp-flow.ts';
import { some } from './msnp-flow.ts';
import { type Speech, spoken } from './speech.ts';

/** False where it is no SIP. */
export function onSip(flow: MsnpFlow, speech: Speech, sip: string): boolean {
  const line = /^(?:([A-Z]{3,12}) \S+ SIP\/2\.0|SIP\/2\.0 (\d{3}))[^\r\n]*\r?\n/.exec(sip);
  if (line === null) return false;
  const [, method, status] = line;
  const token = some(header(sip, 'call-id|i'));
  if (method === 'INVITE' && token !== undefined) {
    // A second INVITE in the same call is none.
    if (flow.calls.has(token)) return true;
    const media = /^m=video/m.test(sip) ? 'video' : 'audio';
    if (!flow.calls.offer(token, media)) flow.tableFull();
    say(flow, speech, 'call.offer', token, undefined);
    return true;
  }
  if (token === undefined || !flow.calls.has(token)) return true;
  const answers = /^\d+ INVITE$/i.test(header(sip, 'cseq') ?? '');
  if (method === 'BYE' || method === 'CANCEL') end(flow, speech, 'call.end', token, undefined);
  else if (status !== undefined && answers && Number(status) >= 200) {
    if (Number(status) < 300) say(flow, speech, 'call.accept', token, undefined);
    else if (status !== '487') end(flow, speech, 'call.decline', token, status);
  }
  return true;
}

function end(
  flow: MsnpFlow,
  speech: Speech,
  kind: EventKind,
  token: string,
  reason: string | undefined,
): void {
  say(flow, speech, kind, token, reason);
  flow.calls.end(token);
}

function say(
  flow: MsnpFlow,
  speech: Speech,
  kind: EventKind,
  token: string,
  reason: string | undefined,
): void {
  const event = spoken(flow, speech, kind);
  event.call = { media: flow.calls.media(token), token };
  event.reason = reason;
  flow.say(event);
}

function header(sip: string, names: string): string | undefined {
  return new RegExp(`^(?:${names})[ \\t]*:[ \\t]*([^\\r\\n]*)`, 'im').exec(sip)?.[1]?.trim();
}
