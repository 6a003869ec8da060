/**
 * What stands behind the text of a message up to 10 (dossier §5): records, one after the other.
 *
 *   0x01  conference: u32 count, u32 uin of each other recipient
 *   0x02  rich text: u16 octets, then u16 position, u8 font [, 3 colour where 0x08] [, image where 0x80:
 *         u8 9, u8 1, u32 size, u32 crc]
 *   0x04  image wanted: u32 size, u32 crc
 *   0x05  image, its first part: u32 size, u32 crc, name NUL, content to the end; 0x06 the next ones, no name
 */
import { i32le, u16le } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { CONFERENCE_LIMIT, IMAGES_PER_MESSAGE } from './gg-limits.ts';
import { eitherText, textEnd } from './text.ts';
import { uinAt } from './uin.ts';

const COLOUR = 0x08;
const IMAGE = 0x80;
const PLACE = 8; // octets of size and CRC

/** An inline image, known by its size and CRC-32. */
export interface ImageId {
  readonly size: number;
  /** CRC and size as 16 hexadecimal digits: as the markup of 10 names it. */
  readonly token: string;
}

export interface ImagePart extends ImageId {
  readonly first: boolean;
  readonly name: string | undefined;
  /** Content: positions in the flow's buffer. */
  readonly start: number;
  readonly end: number;
}

export interface Attributes {
  /** The other recipients. */
  conference: readonly string[];
  images: readonly ImageId[];
  wanted: ImageId | undefined;
  part: ImagePart | undefined;
  /** A record nobody knows: behind it nothing is read. */
  unknown: number | undefined;
}

export const NO_ATTRIBUTES: Attributes = {
  conference: [],
  images: [],
  wanted: undefined,
  part: undefined,
  unknown: undefined,
};

export function readAttributes(flow: GgFlow, start: number): Attributes {
  const { buffer, end } = flow;
  if (start >= end) return NO_ATTRIBUTES;
  const found: Attributes = {
    conference: NO_ATTRIBUTES.conference,
    images: NO_ATTRIBUTES.images,
    wanted: undefined,
    part: undefined,
    unknown: undefined,
  };
  let at = start;
  while (at < end) {
    const kind = buffer[at] ?? 0;
    at += 1;
    if (kind === 0x01) at = readConference(flow, at, found);
    else if (kind === 0x02) at = readRichText(flow, at, found);
    else if (kind === 0x04 && at + PLACE <= end) {
      found.wanted = imageAt(buffer, at);
      at += PLACE;
    } else if ((kind === 0x05 || kind === 0x06) && at + PLACE <= end) {
      found.part = readPart(flow, at, kind === 0x05);
      return found;
    } else {
      if (kind < 0x04 || kind > 0x06) found.unknown = kind;
      else flow.anomaly(Anomaly.Malformed);
      return found;
    }
    if (at === -1) {
      flow.anomaly(Anomaly.Malformed);
      return found;
    }
  }
  return found;
}

/** Behind the record, or -1. */
function readConference(flow: GgFlow, at: number, found: Attributes): number {
  const { buffer, end } = flow;
  const count = i32le(buffer, at) >>> 0;
  if (at + 4 > end || count > (end - at - 4) / 4) return -1;
  const uins: string[] = [];
  for (let i = 0; i < count; i++) {
    if (uins.length >= CONFERENCE_LIMIT) {
      flow.anomaly(Anomaly.TooManyEntries);
      break;
    }
    const uin = uinAt(buffer, at + 4 + 4 * i);
    if (uin !== undefined) uins.push(uin);
  }
  found.conference = uins;
  return at + 4 + 4 * count;
}

/** Behind the record, or -1. */
function readRichText(flow: GgFlow, start: number, found: Attributes): number {
  const { buffer, end } = flow;
  const last = start + 2 + u16le(buffer, start);
  if (start + 2 > end || last > end) return -1;
  const images: ImageId[] = [];
  let at = start + 2;
  while (at + 3 <= last) {
    const font = buffer[at + 2] ?? 0;
    at += 3 + ((font & COLOUR) === 0 ? 0 : 3);
    if ((font & IMAGE) === 0) continue;
    if (at + 2 + PLACE > last) return -1;
    if (images.length < IMAGES_PER_MESSAGE) images.push(imageAt(buffer, at + 2));
    at += 2 + PLACE;
  }
  found.images = images;
  return last;
}

function readPart(flow: GgFlow, at: number, first: boolean): ImagePart {
  const { buffer, end } = flow;
  const { size, token } = imageAt(buffer, at);
  const named = at + PLACE;
  if (!first) return { size, token, first, name: undefined, start: named, end };
  const stop = textEnd(buffer, named, end);
  return {
    size,
    token,
    first,
    name: eitherText(buffer, named, stop),
    start: Math.min(stop + 1, end),
    end,
  };
}

function imageAt(buffer: Uint8Array, at: number): ImageId {
  const size = i32le(buffer, at) >>> 0;
  return { size, token: hexOf(i32le(buffer, at + 4) >>> 0) + hexOf(size) };
}

function hexOf(value: number): string {
  return value.toString(16).padStart(8, '0');
}
