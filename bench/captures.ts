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
/** Protocols that have captures of their own in the corpus, by folder. */
const PROTOCOLS = ['irc', 'xmpp', 'msnp', 'ymsg', 'oscar', 'sip', 'msrp', 'gadu', 'mqtt', 'nmdc'];
const PROTOCOL_PACKETS = 60_000;
const SLICE_PACKETS = 1; // one copy

export interface BenchCaptures {
  readonly mixed: MixedCapture;
  /** One copy of the same, for programs that are slow. */
  readonly slice: MixedCapture;
  readonly im: MixedCapture;
  /** One protocol each. */
  readonly protocols: ReadonlyMap<string, MixedCapture>;
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
  const protocols = new Map<string, MixedCapture>();
  for (const protocol of PROTOCOLS) {
    const own = shared
      ? all.filter((name) => new RegExp(`^(recorded/)?${protocol}/`).test(name))
      : all.filter((name) => name.startsWith(`${protocol}-`));
    if (own.length === 0) continue;
    const name = `protocol-${protocol}`;
    protocols.set(protocol, await buildMixedCapture(name, paths(own), PROTOCOL_PACKETS));
  }
  return {
    protocols,
    mixed: await buildMixedCapture('mixed', paths(mixed), MIXED_PACKETS),
    slice: await buildMixedCapture('slice', paths(mixed), SLICE_PACKETS),
    im: await buildMixedCapture('im', paths(im), IM_PACKETS),
    from: shared
      ? 'the shared corpus'
      : 'test/captures (no ../shared/corpus here): mostly IM, so not comparable with figures from the corpus',
  };
}
