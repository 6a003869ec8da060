/** Pictures of people: 0xBE {13 = 2, 20 URL, 192 checksum} tells where one is; 0xC2 where one's own went. */
import { between } from './notify.ts';
import { Service } from './services.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { FILE_NAME_LIMIT } from './ymsg-limits.ts';

const ASKS = 1;

export function onPicture(flow: YmsgFlow): void {
  const { pairs, packet } = flow;
  const url = pairs.text(20);
  if (url === undefined || (packet.service === Service.Picture && pairs.number(13) === ASKS))
    return;
  const event = between(flow, 'file.offer');
  if (packet.service === Service.PictureUpload)
    event.from = flow.account ?? canonicalId(event.from);
  event.file = {
    name: boundedName(pairs.text(27), FILE_NAME_LIMIT),
    method: 'ymsg-http',
    token: boundedName(pairs.text(192)),
    url,
    purpose: 'picture',
  };
  flow.say(event);
}
