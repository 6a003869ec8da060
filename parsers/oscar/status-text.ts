/**
 * TLV 1D, what others see of somebody: a list of u16 type · u8 flags · u8 length · data. Type 0002 is
 * the status text: u16 length · text · u16 number of TLVs (0001 its character set).
 */
import { u16be } from '../../src/bytes/read.ts';
import { charsetOfLabel, decodeText, withoutNul } from './text-decoding.ts';

const STATUS_TEXT = 0x0002;
const HEAD = 4;

/** The status text, undefined where there is none; '' where it was taken away. */
export function ownStatusText(buffer: Uint8Array, start: number, end: number): string | undefined {
  for (let at = start; at + HEAD <= end; ) {
    const data = at + HEAD;
    const stop = data + (buffer[at + 3] ?? 0);
    if (stop > end) return undefined;
    if (u16be(buffer, at) === STATUS_TEXT) return textIn(buffer, data, stop);
    at = stop;
  }
  return undefined;
}

/** As ownStatusText, where an empty one tells nothing. */
export function statusText(buffer: Uint8Array, start: number, end: number): string | undefined {
  const text = ownStatusText(buffer, start, end);
  return text === '' ? undefined : text;
}

function textIn(buffer: Uint8Array, start: number, end: number): string {
  const length = start + 2 <= end ? u16be(buffer, start) : 0;
  const from = start + 2;
  const to = Math.min(end, from + length);
  if (to <= from) return '';
  const label = to + 2;
  const labelled = label + 4 <= end && u16be(buffer, label) === 0x0001;
  const charset = labelled ? charsetOfLabel(buffer, label + 4, end) : 0;
  return withoutNul(decodeText(buffer, from, to, charset));
}
