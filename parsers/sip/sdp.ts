/**
 * Session descriptions (RFC 4566), as far as calls, MSRP sessions (RFC 4975 §8) and files (RFC 5547) need
 * them.
 *   m=message 2855 TCP/MSRP *   a=path:msrp://…   a=setup:active   a=sendonly   a=chatroom
 *   a=file-selector:name:"plan.pdf" type:application/pdf size:4092 hash:sha-1:72:24:…
 *   a=file-transfer-id:…   a=file-disposition:render   a=file-range:1-*
 */
import { utf8 } from '../../src/bytes/text.ts';
import { MEDIA_LIMIT } from './sip-limits.ts';

const ATTRIBUTES_LIMIT = 64; // of one media description

export interface Media {
  /** audio, video, message, application, … */
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  /** Address of `c=`, the session's where the media has none. */
  readonly address: string | undefined;
  /** First attribute of each name; '' for those without a value. */
  readonly attributes: ReadonlyMap<string, string>;
}

interface Section extends Media {
  address: string | undefined;
  readonly attributes: Map<string, string>;
}

export function readSdp(buffer: Uint8Array, start: number, end: number): Media[] {
  const media: Media[] = [];
  let address: string | undefined;
  const common = new Map<string, string>();
  let section: Section | undefined;
  for (const line of utf8(buffer, start, end).split(/\r\n|\n|\r/)) {
    const value = line.slice(2);
    if (line.startsWith('m=')) {
      if (media.length >= MEDIA_LIMIT) break;
      const [kind = '', port = '', protocol = ''] = value.trim().split(/\s+/);
      section = {
        kind: kind.toLowerCase(),
        port: Number(/^\d{1,5}/.exec(port)?.[0] ?? 0),
        protocol: protocol.toUpperCase(),
        address,
        attributes: new Map(common),
      };
      media.push(section);
    } else if (line.startsWith('c=')) {
      const connection = value.trim().split(/\s+/)[2]?.split('/')[0];
      if (section === undefined) address = connection;
      else section.address = connection;
    } else if (line.startsWith('a=')) {
      const colon = value.indexOf(':');
      const name = (colon === -1 ? value : value.slice(0, colon)).trim().toLowerCase();
      const attributes = section?.attributes ?? common;
      if (!attributes.has(name) && attributes.size < ATTRIBUTES_LIMIT) {
        attributes.set(name, colon === -1 ? '' : value.slice(colon + 1).trim());
      }
    }
  }
  return media;
}

export function isMsrp(media: Media): boolean {
  return media.kind === 'message' && media.protocol.includes('MSRP');
}

export function isCall(media: Media): boolean {
  return (media.kind === 'audio' || media.kind === 'video') && media.port > 0;
}

/** URIs of `a=path`, the own one last. */
export function pathOf(media: Media): readonly string[] {
  return (media.attributes.get('path') ?? '')
    .split(/\s+/)
    .filter((uri) => uri !== '')
    .slice(0, 8);
}
