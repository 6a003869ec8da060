/**
 * A key of keys.db on its way to a thread or process of the same gateway that writes what waits, and asks no holder
 * for keys. It goes through memory and pipes of the gateway alone.
 */
import { createSecretKey } from 'node:crypto';
import type { DataKey } from './data-keys.ts';

export interface CarriedKey {
  readonly number: number;
  readonly octets: Uint8Array;
}

export function carryKey({ number, key }: DataKey): CarriedKey {
  return { number, octets: new Uint8Array(key.export()) }; // not a view of a pool
}

export function takeKey({ number, octets }: CarriedKey): DataKey {
  return { number, key: createSecretKey(octets) };
}
