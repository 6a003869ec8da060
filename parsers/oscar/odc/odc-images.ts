/**
 * Images inside a message: announced by `<IMG SRC="name" ID="1" DATASIZE="9894">` in its text, and
 * behind it `<BINARY><DATA ID="1" SIZE="9894">…</DATA></BINARY>`.
 */
import { boundedCopy } from '../../../src/bytes/text.ts';
import { undoReferences } from '../../framing/html-text.ts';
import { IMAGE_HELD, IMAGES_LIMIT, NAME_LIMIT } from './odc-limits.ts';

export interface Image {
  readonly id: string;
  readonly name: string | undefined;
  readonly size: number | undefined;
}

/** The images that the text announces, at most so many. */
export function announcedImages(markup: string): Image[] {
  const found: Image[] = [];
  const tag = /<img\b/gi;
  while (tag.exec(markup) !== null && found.length < IMAGES_LIMIT) {
    const end = markup.indexOf('>', tag.lastIndex);
    if (end === -1) break;
    const attributes = markup.slice(tag.lastIndex, end);
    tag.lastIndex = end;
    const id = attribute(attributes, 'id');
    if (id === undefined) continue;
    const name = attribute(attributes, 'src');
    found.push({
      id: boundedCopy(id, NAME_LIMIT),
      name: name === undefined ? undefined : boundedCopy(undoReferences(name), NAME_LIMIT),
      size: count(attribute(attributes, 'datasize')),
    });
  }
  return found;
}

/** Of a `<DATA …>` tag: undefined where it is none, or tells no size. */
export function dataTag(tag: string): { readonly id: string; readonly size: number } | undefined {
  const found = /^<data\b(.*)>$/is.exec(tag);
  const size = count(attribute(found?.[1] ?? '', 'size'));
  const id = attribute(found?.[1] ?? '', 'id');
  return size === undefined || id === undefined ? undefined : { id, size };
}

/** Octets. */
export function imagesHeld(images: readonly Image[]): number {
  let octets = 0;
  for (const { id, name = '' } of images) octets += IMAGE_HELD + 2 * (id.length + name.length);
  return octets;
}

/** A value in quotes or up to the next space. */
function attribute(attributes: string, name: string): string | undefined {
  const written = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i');
  const found = written.exec(attributes);
  const value = found?.[1] ?? found?.[2] ?? found?.[3];
  return value === '' ? undefined : value;
}

/** Octets, up to the 32 bits that a frame can have. */
function count(digits: string | undefined): number | undefined {
  if (digits === undefined || !/^\d{1,10}$/.test(digits)) return undefined;
  return Number(digits);
}
