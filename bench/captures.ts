/** Which captures the benchmarks mix, and how big the mixes are. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { capturePath, corpusPath, hasCorpus } from '../test/support/corpus.ts';
import { buildMixedCapture, type MixedCapture } from './mixed-capture.ts';

/** Kept out of the mix: sessions recorded for tests, and what is no capture. */
const NOT_MIXED = /^(recorded|truth)\//;
/** Readable IM and nothing else. */
const IM = /^(irc|xmpp|recorded\/irc|recorded\/xmpp)\//;
const MIXED_PACKETS = 2_800_000;
const IM_PACKETS = 400_000;
const SLICE_PACKETS = 1; // one copy

export interface BenchCaptures {
  readonly mixed: MixedCapture;
  /** One copy of the same, for programs that are slow. */
  readonly slice: MixedCapture;
  readonly im: MixedCapture;
  /** What they were made from, in words. */
  readonly from: string;
}

export async function benchCaptures(): Promise<BenchCaptures> {
  const shared = hasCorpus();
  const root = shared ? corpusPath() : capturePath();
  if (!existsSync(root)) throw new Error(`no captures to build from: ${root} is missing`);
  const all = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name))
    .sort();
  const paths = (names: string[]) => names.map((name) => join(root, name));
  const mixed = shared ? all.filter((name) => !NOT_MIXED.test(name)) : all;
  const im = shared ? all.filter((name) => IM.test(name)) : all;
  return {
    mixed: await buildMixedCapture('mixed', paths(mixed), MIXED_PACKETS),
    slice: await buildMixedCapture('slice', paths(mixed), SLICE_PACKETS),
    im: await buildMixedCapture('im', paths(im), IM_PACKETS),
    from: shared
      ? 'the shared corpus'
      : 'test/captures (no ../shared/corpus here): mostly IM, so not comparable with figures from the corpus',
  };
}
