/** text/x-msnmsgr-datacast: `ID: 1` nudge, 2 wink, 3 voice clip, 4 words of an action. */
import { HeaderBlock } from '../framing/header-block.ts';
import type { Content } from './content.ts';
import { msnObject } from './msn-object.ts';
import { some } from './msnp-flow.ts';
import { spoken } from './speech.ts';

export function onDatacast(content: Content): void {
  const { flow, speech, buffer, start, end } = content;
  const body = new HeaderBlock();
  body.read(buffer, start, end);
  const id = body.decimal('id');
  const data = body.value('data');
  body.clear();
  if (id === 1 || id === 4) {
    const event = spoken(flow, speech, 'message');
    event.form = id === 1 ? 'nudge' : 'action';
    event.text = id === 4 ? some(data) : undefined;
    flow.say(event);
    return;
  }
  const object = id === 2 || id === 3 ? msnObject(data ?? '') : undefined;
  if (object === undefined) {
    flow.unknown(`MSG datacast ${id ?? ''}`.trimEnd());
    return;
  }
  const event = spoken(flow, speech, 'file.offer');
  // A wink is shown like a large emoticon; a voice clip is a recording that somebody made.
  event.file = id === 2 ? { ...object.file, purpose: 'emoticon' } : object.file;
  flow.say(event);
}
