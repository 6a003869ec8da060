/** The captures that fuzzing starts from: the project's own and the shared ones where present. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadCapture, type StoredFrame } from '../corpus/frames.ts';
import { capturePath, corpusPath, hasCorpus } from '../support/corpus.ts';

export interface Seed {
  readonly name: string;
  readonly frames: readonly StoredFrame[];
  /** The file as it is, or its beginning, for mutations of the capture format. */
  readonly file: Uint8Array;
  /** Most of its packets are of a protocol that is decoded or recognised: chosen more often. */
  readonly im: boolean;
}

/** Octets of a capture file, and frames of it, that are used: small captures, many executions. */
const FILE_USED = 512 << 10;
const MOST_FRAMES = 600;
/** Larger captures are not read at all. */
const LARGEST = 16 << 20; // octets
const IM =
  /(^|\/)(irc|xmpp|msnp|ymsg|oscar|sip|msrp|gadu|mqtt|nmdc|oicq|encrypted|skype|websocket|teamspeak|mumble)\/|test\/captures/;

/** Every usable capture below the folder, or below the usual places where none is named. */
export async function loadSeeds(folder: string | undefined): Promise<Seed[]> {
  const seeds: Seed[] = [];
  for (const path of folder === undefined
    ? usualPlaces().flatMap(filesBelow)
    : filesBelow(folder)) {
    if (statSync(path).size > LARGEST) continue;
    const { frames } = await loadCapture(path);
    if (frames.length === 0) continue;
    const first = frames.slice(0, MOST_FRAMES);
    const file = readFileSync(path).subarray(0, FILE_USED);
    seeds.push({ name: path, frames: first, file: new Uint8Array(file), im: IM.test(path) });
  }
  return seeds;
}

function usualPlaces(): string[] {
  return [capturePath(), ...(hasCorpus() ? [corpusPath()] : [])].filter((path) => existsSync(path));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name))
    .sort();
}
