/** The text beside a name: what the person wrote, and what the person hears. */
import { some } from './msnp-flow.ts';
import { elementText, elementTexts } from './xml.ts';

const FIELDS_LIMIT = 16;
/** Texts of one status that are told: clients write one. */
const TEXTS_LIMIT = 4;

/** Of `<Data>`; undefined where there is neither. */
export function statusText(xml: string): string | undefined {
  const words = some(elementTexts(xml, 'PSM', TEXTS_LIMIT).join('\n').trim());
  const media = mediaText(elementText(xml, 'CurrentMedia') ?? '');
  if (words === undefined || media === undefined) return words ?? media;
  return `${words}\n${media}`;
}

/** `\0Music\01\0{0} - {1}\0Title\0Artist\0…` (a backslash and a zero between fields; 1: shown). */
function mediaText(coded: string): string | undefined {
  const fields = coded.split('\\0', FIELDS_LIMIT);
  if (fields.length < 4 || fields[2] === '0') return undefined;
  const values = fields.slice(4);
  const text = (fields[3] ?? '').replace(/\{(\d)\}/g, (_, n: string) => values[Number(n)] ?? '');
  return some(text.trim());
}
