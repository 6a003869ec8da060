/**
 * What an invitation offers: the context of a session request, once base64 is undone.
 *
 * A file, little-endian: 0 length (574, 638 or else: not trusted) · 4 version · 8 size (8) · 16 type, 0 with a
 * preview picture · 20 name, UTF-16, 520 octets, ended by zeros · 540 … (dossier §8).
 * An object: XML of one element, `<msnobj Creator="…" Size="…" Type="3" Location="…" Friendly="…" SHA1D="…"/>`.
 */
import { decodeBase64 } from '../../../src/bytes/base64.ts';
import { i32le } from '../../../src/bytes/read.ts';
import { utf8 } from '../../../src/bytes/text.ts';
import type { FilePurpose } from '../../../src/event/event.ts';
import { MOST_OCTETS, OBJECT_LIMIT } from './p2p-limits.ts';

const UTF16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const SIZE_AT = 8;
const NAME_AT = 20;
const NAME_END = 540;

export interface OfferedFile {
  readonly name: string | undefined;
  readonly size: number | undefined;
  readonly purpose: FilePurpose | undefined;
  /** Its end is missing or its size is none. */
  readonly odd: boolean;
}

/** As many octets as whole groups of base64 at buffer[start, end) say; undefined where it is none. */
export function contextOctets(
  buffer: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  for (let cut = 0; cut < 4 && end - cut > start; cut++) {
    const octets = decodeBase64(buffer, start, end - cut);
    if (octets !== undefined) return octets;
  }
  return undefined;
}

/** `whole`: nothing more of it will come. Undefined where too little is there to be sure. */
export function readFileContext(octets: Uint8Array, whole: boolean): OfferedFile | undefined {
  const most = Math.min(octets.length, NAME_END);
  let end = NAME_AT;
  while (end + 1 < most && (octets[end] !== 0 || octets[end + 1] !== 0)) end += 2;
  const ended = end + 1 < most || most === NAME_END;
  if (!ended && !whole) return undefined;
  if (octets.length < NAME_AT) {
    return { name: undefined, size: undefined, purpose: undefined, odd: true };
  }
  const low = i32le(octets, SIZE_AT) >>> 0;
  const size = (i32le(octets, SIZE_AT + 4) >>> 0) * 0x1_0000_0000 + low;
  const exact = size <= MOST_OCTETS;
  return {
    name: UTF16.decode(octets.subarray(NAME_AT, end)) || undefined,
    size: exact ? size : undefined,
    purpose: undefined,
    odd: !exact || (whole && octets.length < NAME_END),
  };
}

const ATTRIBUTE = /([A-Za-z0-9]{1,32})="([^"]*)"/g;
/** `Type` of msnobj: emoticon, picture, background, dynamic picture, wink; others (a voice clip) are content. */
const PURPOSES: ReadonlyMap<string, FilePurpose> = new Map([
  ['2', 'emoticon'],
  ['3', 'picture'],
  ['5', 'picture'],
  ['7', 'picture'],
  ['8', 'emoticon'],
]);
/** AppID of the request, where the description does not tell. */
const BY_APPLICATION: ReadonlyMap<number, FilePurpose> = new Map([
  [1, 'picture'],
  [11, 'emoticon'],
  [12, 'picture'],
]);

export function readObjectContext(
  octets: Uint8Array | undefined,
  application: number,
): OfferedFile {
  const values = new Map<string, string>();
  const text = octets === undefined ? '' : utf8(octets, 0, Math.min(octets.length, OBJECT_LIMIT));
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), value);
  }
  const size = values.get('size') ?? '';
  const type = values.get('type');
  return {
    name: friendlyName(values.get('friendly')) ?? located(values.get('location')),
    size: /^\d{1,15}$/.test(size) ? Number(size) : undefined,
    purpose: type === undefined ? BY_APPLICATION.get(application) : PURPOSES.get(type),
    odd: values.size === 0,
  };
}

/** Base64 of UTF-16, ended by zeros. */
function friendlyName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const octets = new TextEncoder().encode(text);
  const name = decodeBase64(octets, 0, octets.length);
  return name === undefined ? undefined : UTF16.decode(name).replace(/\0.*$/s, '') || undefined;
}

/** `0` stands for none. */
function located(text: string | undefined): string | undefined {
  return text === '0' ? undefined : text || undefined;
}

/** What a file is for whose offer was not seen. */
export function purposeOfApplication(application: number): FilePurpose | undefined {
  return BY_APPLICATION.get(application);
}
