/** `<msnobj Creator="…" Size="…" Type="…" Location="…" Friendly="…" SHA1D="…"/>`: something that can be fetched from a peer. */
import type { FileReference } from '../../src/event/event.ts';
import { attribute } from './xml.ts';

export interface MsnObject {
  readonly file: FileReference;
  /** 1 avatar, 2 emoticon, 3 picture, 4 shared file, 5 background, 8 wink, 11 voice clip. */
  readonly type: number;
}

const LARGEST = 15; // digits of a size

export function msnObject(text: string): MsnObject | undefined {
  const open = text.search(/<msnobj\s/i);
  if (open === -1) return undefined;
  const attributes = text.slice(open + 7);
  const size = attribute(attributes, 'size') ?? '';
  const location = attribute(attributes, 'location');
  const name = location === undefined || location === '0' || location === '' ? undefined : location;
  return {
    type: Number(attribute(attributes, 'type') ?? -1),
    file: {
      name,
      size: /^\d+$/.test(size) && size.length <= LARGEST ? Number(size) : undefined,
      method: 'p2p',
      token: attribute(attributes, 'sha1d'),
    },
  };
}
