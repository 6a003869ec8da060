/**
 * Handwriting, and other images that are the message: image/gif or application/x-ms-ink with a body
 * `base64:…`. Offered and sent at once: whoever gets the message has the file.
 */
import { decodeBase64 } from '../../src/bytes/base64.ts';
import { ascii, spells } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import type { Content } from './content.ts';
import { refused } from './msnp-flow.ts';
import { spoken } from './speech.ts';

/** What handwriting is not sent as. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg']);
const PREFIX = ascii('BASE64:');

export function onInk({ flow, speech, buffer, start, end }: Content, type: string): void {
  const isCoded = spells(buffer, start, start + PREFIX.length, PREFIX);
  const image = isCoded ? decodeBase64(buffer, start + PREFIX.length, end) : undefined;
  if (isCoded && image === undefined) flow.anomaly(Anomaly.BadBase64);
  const content = image ?? buffer.subarray(start, end);
  const offer = spoken(flow, speech, 'file.offer');
  const purpose = PICTURES.has(type) ? 'inline' : 'ink';
  offer.file = { size: content.length, mime: type, method: 'attachment', purpose };
  if (refused(flow.say(offer))) return;
  const follower = flow.context.follow();
  follower?.write(content);
  const complete = spoken(flow, speech, 'file.complete');
  complete.file = { ...offer.file, sha256: follower?.finish() };
  flow.say(complete);
}
