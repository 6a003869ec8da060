/** The allocation budget of the bridge: a packet of a flow that was let go costs the heap nothing. */
import { expect, test } from 'vitest';
import type { StoredFrame } from '../../test/corpus/frames.ts';
import { type Endpoint, TcpTalk } from '../../test/corpus/packets.ts';
import { heapCost } from '../../test/support/heap.ts';
import { Frame } from '../capture/frame.ts';
import { Fate, type PacketJudge, Side } from '../verdict/wire/packet-judge.ts';
import { START } from './bridge.fixture.ts';
import { Bridge } from './bridge.ts';

const SERVER: Endpoint = { address: 0xc0000201, port: 443 };
const PACKET_BUDGET = 2; // octets of heap a packet: the noise of the measure
const TALKS = 500;
const FOREIGN = new TextEncoder().encode(`\u0000\u0001\u0002 not a messenger ${'.'.repeat(200)}`);

function feeder() {
  const frame = new Frame();
  return (frames: readonly StoredFrame[], judge: PacketJudge): number => {
    let forwarded = 0;
    for (let i = 0; i < frames.length; i++) {
      const stored = frames[i];
      if (stored === undefined) continue;
      frame.buffer = stored.octets;
      frame.end = stored.octets.length;
      frame.originalLength = stored.originalLength;
      frame.linkType = 1;
      frame.number = (frame.number + 1) | 0;
      frame.time[0] = stored.time;
      if (judge.packet(frame, Side.A) === Fate.Forward) forwarded++;
    }
    return forwarded;
  };
}

test('packets of flows that were let go are forwarded without an allocation', () => {
  const bridge = new Bridge(
    { onEvent: () => undefined },
    { send: () => undefined },
    { checksums: false },
  );
  const feed = feeder();
  const talks = Array.from(
    { length: TALKS },
    (_, n) => new TcpTalk({ address: 0x0a000001 + n, port: 1024 + n }, SERVER, START + n),
  );
  const opening = talks.flatMap((talk) => [
    ...talk.open(),
    talk.say(0, FOREIGN),
    talk.say(1, FOREIGN),
  ]);
  expect(feed(opening, bridge)).toBe(opening.length);
  expect(bridge.engine.counters.inspect.letGo).toBe(TALKS);
  const traffic = Array.from({ length: 40 }, () =>
    talks.map((talk, n) => talk.say((n % 2) as 0 | 1, FOREIGN)),
  ).flat();
  let forwarded = 0;
  const cost = heapCost(traffic.length, () => {
    forwarded = feed(traffic, bridge);
  });
  expect(forwarded).toBe(traffic.length);
  expect(cost).toBeLessThanOrEqual(PACKET_BUDGET);
  expect(bridge.counters.flowsRemembered).toBe(0);
});
