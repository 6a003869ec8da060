/** A path that loses frames before and behind the bridge: everything arrives, nearly as soon as without one. */
import { expect, test } from 'vitest';
import { Bench, Connection, ircLogin, neutralLine, refusing } from './bridge.fixture.ts';
import { LossyPath, type PathSpec } from './lossy-path.fixture.ts';

const SEEDS = Number(process.env.SEEDS ?? 5);

const words = ['lunch?', 'the secret plan', 'x'.repeat(300), 'see you', 'secret', 'and then'];
const toServer = Array.from({ length: 40 }, (_, i) => `PRIVMSG bob :${words[i % 6]} ${i}\r\n`);
const toClient = toServer.map((line) => `:bob!b@example ${line.replace('bob', 'ann')}`);

function expected(lines: readonly string[]): string {
  return lines.map((text) => (text.includes('secret') ? neutralLine(text.length) : text)).join('');
}

function through(spec: PathSpec, hasBridge: boolean) {
  const bench = new Bench(refusing('secret'));
  const talk = new Connection({ synOptions: spec.selective ? [1, 1, 4, 2] : [] });
  bench.giveAll(ircLogin(talk));
  bench.out.length = 0;
  const path = new LossyPath(spec, talk, hasBridge ? bench : undefined);
  path.run([toServer, toClient], 5, 200_000);
  const [client, server] = path.hosts;
  const delays = path.heard
    .flat()
    .map(({ said, heard = Number.POSITIVE_INFINITY }) => heard - said);
  return { path, bench, toServer: server.received, toClient: client.received, delays };
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

// Measured over 40 seeds and with what a bridge without these two cures did: see docs/live.md.
test.each([
  { lost: 0.06, late: 0, twice: 0, timestamps: true, selective: true },
  { lost: 0.1, late: 0, twice: 0, timestamps: true, selective: true },
  { lost: 0.05, late: 0.2, twice: 0.2, timestamps: true, selective: true },
  { lost: 0.06, late: 0, twice: 0, timestamps: true, selective: false },
])('everything arrives: $lost lost, $late late, $twice twice, SACK $selective', (spec) => {
  const withBridge: number[] = [];
  const without: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const bridged = through({ ...spec, seed }, true);
    expect(bridged.toServer).toBe(expected(toServer));
    expect(bridged.toClient).toHaveLength(toClient.join('').length);
    withBridge.push(...bridged.delays);
    const direct = through({ ...spec, seed }, false);
    expect(direct.toServer).toBe(toServer.join(''));
    without.push(...direct.delays);
    // What was aside is as new as what filled the hole. What a path delays may be old with or without a bridge.
    if (spec.late === 0) expect(bridged.path.outdated).toBe(0);
  }
  const isSlower = `${median(withBridge)} ${median(without)}, ${mean(withBridge)} ${mean(without)}`;
  if (!spec.selective) return;
  // Without duplicate acknowledgements: more than 100 ms instead of 2.
  expect(median(withBridge), isSlower).toBeLessThan(median(without) + 25);
  expect(mean(withBridge), isSlower).toBeLessThan(mean(without) + 100);
});
