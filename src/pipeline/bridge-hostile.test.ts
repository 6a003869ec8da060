/** Damaged and invented packets, in any order: nothing is thrown, and nothing is kept beyond the end. */
import { describe, expect, test } from 'vitest';
import { loadCapture } from '../../test/corpus/frames.ts';
import { capturePath } from '../../test/support/corpus.ts';
import type { VerdictRecord } from '../event/event.ts';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench } from './bridge.fixture.ts';

const ACTIONS: readonly VerdictRecord['action'][] = ['pass', 'drop', 'redact', 'reset', 'hold'];
const captures = ['irc-office.pcap', 'xmpp-zlib.pcap', 'xmpp-starttls.pcap', 'bonjour-link.pcap'];

/** xorshift: the same packets each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('hostile packets', () => {
  test.each(captures)('made of %s', async (name) => {
    const { frames } = await loadCapture(capturePath(name));
    let judged = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomFrom(seed * 7919);
      const bench = new Bench(
        {
          judge: () => {
            judged++;
            return { action: ACTIONS[random(ACTIONS.length * 3)] ?? 'pass', enforced: true };
          },
          redactions: ({ text = '' }) => [{ start: 0, end: text.length }],
        },
        { limits: { flows: 64, retainedPerDirection: 4096, asidePerDirection: 4096 } },
        { checksums: false },
      );
      for (let i = 0; i < 800; i++) {
        const from =
          frames[Math.min(frames.length - 1, random(20) + ((i / 4) | 0)) % frames.length];
        if (from === undefined) continue;
        const octets = from.octets.slice(
          0,
          random(10) === 0 ? random(from.octets.length) : undefined,
        );
        for (let n = random(8) - 4; n > 0 && octets.length > 14; n--) {
          const at = 14 + random(Math.min(60, octets.length - 14));
          octets[at] = random(2) === 0 ? random(256) : (octets[at] ?? 0) ^ (1 << random(8));
        }
        bench.give(octets, random(2) === 0 ? Side.A : Side.B, undefined, from.linkType);
        if (random(20) === 0) bench.later(random(300));
      }
      bench.bridge.finish();
      expect(bench.bridge.counters).toMatchObject({
        asideOctets: 0,
        retainedOctets: 0,
        flowsRemembered: 0,
        failures: 0,
      });
    }
    expect(judged).toBeGreaterThan(0);
  });
});
