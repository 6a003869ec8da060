/**
 * Recorded traffic through a bridge whose policy passes everything: every packet comes out as it went in, and
 * what receivers read is what senders said. Only what comes again may change: octets that were acknowledged are
 * nobody's any more.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadCapture, type StoredFrame } from '../../test/corpus/frames.ts';
import { headersOf, u32 } from '../../test/corpus/headers.ts';
import { corpusPath } from '../../test/support/corpus.ts';
import { needs } from '../../test/support/need.ts';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench } from './bridge.fixture.ts';

const need = needs({ corpus: true });

function captures(...folder: string[]): string[] {
  if (need.skip) return [];
  return readdirSync(corpusPath(...folder))
    .filter((name) => /\.pcap(?:ng)?$/.test(name))
    .map((name) => [...folder, name].join('/'));
}

const folders = need.skip ? [] : readdirSync(corpusPath('recorded'), { withFileTypes: true });
const all = [
  ...captures('irc'),
  ...captures('xmpp'),
  ...folders
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => captures('recorded', name)),
];

/** Octets of each TCP stream by sequence number, the first copy of each. */
function streamsOf(frames: readonly Pick<StoredFrame, 'octets' | 'originalLength' | 'linkType'>[]) {
  const streams = new Map<string, Map<number, number>>();
  for (const frame of frames) {
    const h = headersOf({ ...frame, time: 0 });
    if (h === undefined || h.transport !== 6) continue;
    const { octets } = frame;
    if (((octets[h.transportStart + 13] ?? 0) & 2) !== 0) continue;
    const key = Buffer.from(
      octets.subarray(h.ipStart + (h.version === 4 ? 12 : 8), h.transportStart + 4),
    );
    const name = key.toString('latin1');
    let stream = streams.get(name);
    if (stream === undefined) {
      stream = new Map();
      streams.set(name, stream);
    }
    const sequence = u32(octets, h.transportStart + 4);
    for (let i = h.payloadStart; i < h.payloadEnd; i++) {
      const at = (sequence + i - h.payloadStart) >>> 0;
      if (!stream.has(at)) stream.set(at, octets[i] ?? 0);
    }
  }
  return streams;
}

/** How many of `a` are not among `b`. */
function missing(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  const left = new Map<string, number>();
  const keyOf = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');
  for (const octets of b) left.set(keyOf(octets), (left.get(keyOf(octets)) ?? 0) + 1);
  let count = 0;
  for (const octets of a) {
    const there = left.get(keyOf(octets)) ?? 0;
    if (there === 0) count++;
    else left.set(keyOf(octets), there - 1);
  }
  return count;
}

describe.skipIf(need.skip)(`what a policy passes goes on as it came${need.why}`, () => {
  test('captures are there', () => {
    expect(all.length).toBeGreaterThan(40);
  });

  test.each(all)('%s', async (name) => {
    const { frames } = await loadCapture(corpusPath(name));
    const bench = new Bench(undefined, {}, { checksums: false });
    for (const { octets, time, linkType } of frames) {
      bench.bridge.tick(time);
      bench.give(octets, Side.A, time, linkType);
    }
    bench.bridge.finish();
    const counters = bench.bridge.counters;
    const given = frames.map(({ octets }) => octets);
    const out = bench.out.map(({ octets }) => octets);
    const { normalised = 0, droppedRetransmissions = 0, passedBy = 0 } = counters;
    const { toldAside = 0 } = counters;
    expect(counters).toMatchObject({ heldOctets: 0, retainedOctets: 0, flowsRemembered: 0 });
    expect(missing(out, given)).toBe(normalised + toldAside);
    if (passedBy > 0) return; // recorded out of order: acknowledgements before what they acknowledge
    expect(missing(given, out)).toBe(normalised + droppedRetransmissions);
    const linkType = frames[0]?.linkType ?? 1;
    const sent = out.map((octets) => ({ octets, originalLength: octets.length, linkType }));
    const before = streamsOf(frames);
    const after = streamsOf(sent);
    for (const [key, stream] of before) expect(after.get(key)).toEqual(stream);
  });
});
