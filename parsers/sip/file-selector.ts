/**
 * The file that an MSRP media description offers (RFC 5547 §6).
 *   a=file-selector:name:"plan%22.pdf" type:application/pdf size:4092 hash:sha-1:72:24:5F:…
 * In the name `%` begins an escaped octet, always (§6: filename-string).
 */
import type { OfferedFile } from '../framing/msrp-session.ts';
import type { Media } from './sdp.ts';
import { kept } from './sip-flow.ts';

/** Undefined where no file is named. `token` is used where the offer has no identifier of its own. */
export function offeredFile(media: Media, token: string): OfferedFile | undefined {
  const { attributes } = media;
  const selector = attributes.get('file-selector');
  const id = attributes.get('file-transfer-id');
  if (selector === undefined && id === undefined) return undefined;
  const text = selector ?? '';
  const name = /(?:^|\s)name:"([^"]*)"/i.exec(text)?.[1];
  const size = /(?:^|\s)size:(\d{1,15})(?:\s|$)/i.exec(text)?.[1];
  const hash = /(?:^|\s)hash:sha-1:([0-9a-f:]{40,60})/i.exec(text)?.[1]?.replaceAll(':', '');
  const range = /^(\d{1,15})-/.exec(attributes.get('file-range') ?? '')?.[1];
  const mime = /(?:^|\s)type:("?)([^\s;"]+)/i.exec(text)?.[2];
  return {
    name: name === undefined || name === '' ? undefined : kept(unescaped(name)),
    size: size === undefined ? undefined : Number(size),
    mime: mime === undefined ? undefined : kept(mime.toLowerCase()),
    sha1: hash?.length === 40 ? hash.toLowerCase() : undefined,
    token: kept(id || token) || undefined,
    offset: range === undefined ? 0 : Math.max(0, Number(range) - 1),
    purpose: attributes.get('file-disposition') === 'render' ? 'inline' : undefined,
    offererSends: !attributes.has('recvonly'),
  };
}

function unescaped(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // not by the rule: as written
  }
}
