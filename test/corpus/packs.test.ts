/**
 * The packs to choose from, on the wire: of real captures through a bridge, what a pack refuses is gone from what
 * is forwarded, and every other connection of a messenger is there whole.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { loadRules } from '../../rules/load.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { InlineReplay } from '../../src/pipeline/inline-replay.ts';
import { corpusPath, repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { shippedServices } from '../support/shipped-services.ts';
import { encryptedTruth, keyOfEvent } from './encrypted-truth.ts';
import { feedFrames, loadCapture, type StoredFrame } from './frames.ts';
import { replayFrames } from './replay.ts';

const need = needs({ corpus: true });
const services = shippedServices().compiled;

/** What a bridge with the packs says of the frames, and what it lets go on. */
function through(packs: readonly string[], frames: readonly StoredFrame[]) {
  const { rules } = loadRules(
    packs.map((name) => `${repositoryRoot}/rules/packs/optional/${name}`),
  );
  if (rules === undefined) throw new Error(`${packs} are wrong`);
  const events: ImEvent[] = [];
  const out: StoredFrame[] = [];
  const onEvent = (event: ImEvent) => events.push(event);
  const replay = new InlineReplay(
    { mode: 'inline', judge: rules, services, onEvent },
    (buffer, start, end, originalLength, linkType, time) =>
      out.push({ octets: buffer.slice(start, end), originalLength, linkType, time }),
  );
  feedFrames(frames, replay);
  replay.finish();
  return { events, out };
}

interface Octets {
  readonly service: string | undefined;
  readonly toServer: number;
  readonly toClient: number;
}

/** Payload octets of each connection, in the order in which they ended. */
function octets(events: readonly ImEvent[]): Map<string, Octets[]> {
  const all = new Map<string, Octets[]>();
  for (const event of events) {
    if (event.kind !== 'flow.end') continue;
    const { octetsToServer: toServer = 0, octetsToClient: toClient = 0 } = event.totals ?? {};
    const key = keyOfEvent(event);
    const known = all.get(key) ?? [];
    all.set(key, [...known, { service: event.service, toServer, toClient }]);
  }
  return all;
}

/** Connections that are refused, and why octets of them went by all the same. */
const EXPLAINED: ReadonlyMap<string, string> = new Map([
  [
    'udp 192.168.12.169:38123 31.13.86.54:40003',
    'the answer of the relay tells it: the question had gone by',
  ],
  [
    'tcp 10.24.82.188:37821 210.103.240.15:443',
    'the hello has no name: the certificate tells it, and goes no further',
  ],
]);

/** So many connections at least are refused, and spared: with less, nothing was seen. */
const ROWS: readonly [packs: readonly string[], refused: number, spared: number][] = [
  [['50-approved-messengers.yaml'], 150, 30],
  [['51-no-media.yaml', '52-no-calls.yaml', '53-no-quic-for-im.yaml'], 80, 100],
];

describe.skipIf(need.skip)(`packs on encrypted messengers${need.why}`, () => {
  const captures = need.skip ? [] : [...encryptedTruth().keys()];
  const counts = ROWS.map(() => ({ refused: 0, spared: 0 }));

  test.each(captures)('%s', async (name) => {
    const { frames } = await loadCapture(corpusPath(name));
    const before = octets(replayFrames(frames, undefined, services).events);
    for (const [i, [packs]] of ROWS.entries()) {
      const { events, out } = through(packs, frames);
      const after = octets(replayFrames(out, undefined, services).events);
      const refused = new Set<string>();
      const told = new Set<string>();
      for (const event of events) {
        if (event.kind !== 'flow.identified') continue;
        const key = keyOfEvent(event);
        told.add(key);
        if (event.verdict?.action !== 'drop') continue;
        expect(event.verdict, key).toMatchObject({ enforced: true });
        refused.add(key);
      }
      for (const key of told) {
        const count = counts[i];
        if (refused.has(key)) {
          if (count !== undefined) count.refused++;
          const left = after.get(key)?.filter((one) => one.toServer + one.toClient > 0) ?? [];
          if (!EXPLAINED.has(key)) expect(left, key).toEqual([]);
        } else {
          if (count !== undefined) count.spared++;
          expect(after.get(key), key).toEqual(before.get(key));
        }
      }
    }
  });

  afterAll(() => {
    for (const [i, [packs, leastRefused, leastSpared]] of ROWS.entries()) {
      const { refused = 0, spared = 0 } = counts[i] ?? {};
      expect(refused, packs.join()).toBeGreaterThanOrEqual(leastRefused);
      expect(spared, packs.join()).toBeGreaterThanOrEqual(leastSpared);
    }
  });
});
