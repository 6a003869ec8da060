/** The two formats of ground truth that stand beside the shared captures. */
import { readdirSync, readFileSync } from 'node:fs';
import { corpusPath } from '../support/corpus.ts';

/** One item of either format: named fields whose meaning depends on the item's kind. */
export interface Item {
  readonly [field: string]: unknown;
}

/** `recorded/<protocol>/<name>.truth.json`: sessions recorded with a script. */
export interface RecordedTruth {
  readonly capture: string;
  readonly flows: readonly Item[];
  readonly events: readonly Item[];
  readonly derived_from?: string;
}

/** `truth/<capture>.json`: public captures, read by an independent script. */
export interface PublicTruth {
  readonly file: string;
  readonly flows: readonly Item[];
  readonly logins: readonly Item[];
  readonly messages: readonly Item[];
  readonly typing: readonly Item[];
  readonly file_transfers: readonly Item[];
  readonly contacts: readonly Item[];
  readonly presence: readonly Item[];
  /** What else its maker saw. */
  readonly notable: readonly Item[];
}

/** A field as text, or undefined where it is absent or null. */
export function text(item: Item, field: string): string | undefined {
  const value = item[field];
  return value === undefined || value === null ? undefined : String(value);
}

/** A field as a number, or undefined. */
export function number(item: Item, field: string): number | undefined {
  const value = item[field];
  return value === undefined || value === null ? undefined : Number(value);
}

/** A field that holds a list of items. */
export function items(item: Item, field: string): readonly Item[] {
  const value = item[field];
  return Array.isArray(value) ? value : [];
}

export function readRecorded(folder: string, name: string): RecordedTruth {
  return JSON.parse(readFileSync(corpusPath('recorded', folder, `${name}.truth.json`), 'utf8'));
}

export function readPublic(name: string): PublicTruth {
  return JSON.parse(readFileSync(corpusPath('truth', `${name}.json`), 'utf8'));
}

/** Names of the recorded sessions of a protocol, without suffix. */
export function recordedNames(folder: string): string[] {
  return readdirSync(corpusPath('recorded', folder))
    .filter((name) => name.endsWith('.truth.json'))
    .map((name) => name.slice(0, -'.truth.json'.length))
    .sort();
}

/** Every capture file below a folder of the corpus, as paths from that folder's parent. */
export function capturesBelow(folder: string): string[] {
  return readdirSync(corpusPath(folder), { recursive: true })
    .map((name) => `${folder}/${String(name)}`)
    .filter((name) => /\.(pcap|pcapng|cap|snoop)(\.gz|\.zst)?$/.test(name))
    .sort();
}
