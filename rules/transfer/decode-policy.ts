/** Records (policy-records.ts) back to a policy, one record a step. */
import type { Policy } from '../policy/policy.ts';
import type { Steps } from '../steps.ts';
import { LENGTH_OCTETS, NOWHERE, ROOT } from './policy-records.ts';

/** `octets` as `encodePolicy` made them. */
export function* decodingPolicy(octets: SharedArrayBuffer): Steps<Policy> {
  const from = Buffer.from(octets);
  const known = new Map<number, unknown>();
  for (let at = 0; at < from.length; ) {
    const end = at + LENGTH_OCTETS + from.readUInt32LE(at);
    take(JSON.parse(from.toString('utf8', at + LENGTH_OCTETS, end)), known);
    at = end;
    yield;
  }
  return known.get(ROOT) as Policy;
}

type Known = Map<number, unknown>;
type Record = [id: number, kind: 'a' | 'e' | 'o', ...values: unknown[]];

function take([id, kind, ...values]: Record, known: Known): void {
  if (kind === 'o') {
    known.set(id, revive(values[0], known));
    return;
  }
  let array = known.get(id);
  if (!Array.isArray(array)) {
    array = [];
    known.set(id, array);
  }
  const into = array as unknown[];
  for (const value of values) {
    into.push(kind === 'e' ? { value, place: NOWHERE } : revive(value, known));
  }
}

/** Puts in place what references stand for. */
function revive(value: unknown, known: Known): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revive(value[i], known);
    return value;
  }
  const object = value as { [key: string]: unknown };
  if (object.$ !== undefined) return known.get(object.$ as number);
  for (const key in object) {
    const member = object[key];
    if (key === 'place') object[key] = NOWHERE;
    else if (typeof member === 'object') object[key] = revive(member, known);
  }
  return object;
}
