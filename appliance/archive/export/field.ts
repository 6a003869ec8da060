/** Members of an event in JSON, their types checked: an envelope says whatever was on the wire. */
import { isObject, type Json } from '../record/split-content.ts';

/** undefined: not there, no text, or empty. */
export function textOf(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function textsOf(json: Json, name: string): string[] {
  const value = json[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

export function numberOf(json: Json, name: string): number | undefined {
  const value = json[name];
  return typeof value === 'number' ? value : undefined;
}

const EMPTY: Json = {};

export function partOf(json: Json, name: string): Json {
  const value = json[name];
  return isObject(value) ? value : EMPTY;
}
