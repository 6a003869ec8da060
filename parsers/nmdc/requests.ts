/**
 * What peers ask of each other.
 *
 *   ADC's form, in NMDC too: type ident start bytes [ 'ZL1' ]      type = file / list / tthl
 *     a space in `ident` is `\ ` in NMDC, `\s` in ADC; bytes -1: to the end
 *   '$Get ' name '$' position, counted from 1;  '$UGetBlock ' start ' ' bytes ' ' name
 */
import { ownCopy } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { nameOfHash } from './connections.ts';
import type { DcFlow } from './dc-flow.ts';
import type { Wanted } from './peer-files.ts';

const HASH = /^TTH\/([A-Z2-7]{39})$/;
const DIGITS = /^\d{1,16}$/;

export interface AdcForm {
  readonly wanted: Wanted;
  /** `file`, `list`, `tthl`, or what this decoder does not know. */
  readonly type: string;
}

/** `words`: type, ident, start, bytes, flags, with escapes undone. Undefined where it is not that. */
export function adcForm(flow: DcFlow, words: readonly string[]): AdcForm | undefined {
  const [type = '', ident = '', first = '', bytes = ''] = words;
  const offset = numberOf(first);
  const size = bytes === '-1' ? undefined : numberOf(bytes);
  if (ident === '' || offset === undefined || (size === undefined && bytes !== '-1')) {
    flow.anomaly(Anomaly.BadNumber);
    return undefined;
  }
  const found = HASH.exec(ident)?.[1];
  const hash = found === undefined ? undefined : ownCopy(found);
  const name = hash === undefined ? ident : (nameOfHash(flow, hash) ?? ident);
  const compressed = words.includes('ZL1', 4);
  const wanted = { name, token: hash, offset, size, isFile: type !== 'tthl', compressed };
  return { wanted, type };
}

/** At most 2^53-1; undefined where it is no number of octets. */
export function numberOf(text: string): number | undefined {
  const number = DIGITS.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
