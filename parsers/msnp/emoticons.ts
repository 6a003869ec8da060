/** text/x-mms-emoticon: pictures of one's own that stand for words in the next text, as `shortcut TAB object TAB …`. */
import { utf8 } from '../../src/bytes/text.ts';
import type { Content } from './content.ts';
import { msnObject } from './msn-object.ts';
import { some } from './msnp-flow.ts';
import { OBJECTS_LIMIT } from './msnp-limits.ts';
import { spoken } from './speech.ts';

export function onEmoticons({ flow, speech, buffer, start, end }: Content): void {
  const fields = utf8(buffer, start, end).split('\t', 2 * OBJECTS_LIMIT + 1);
  if (fields.length > 2 * OBJECTS_LIMIT) flow.tableFull();
  for (let i = 0; i + 1 < fields.length && i < 2 * OBJECTS_LIMIT; i += 2) {
    const object = msnObject(fields[i + 1] ?? '');
    if (object === undefined) continue;
    const event = spoken(flow, speech, 'file.offer');
    event.file = { ...object.file, purpose: 'emoticon' };
    event.text = some(fields[i]?.trim());
    flow.say(event);
  }
}
