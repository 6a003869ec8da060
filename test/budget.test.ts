/**
 * The allocation budget, through the real engine: a packet of a flow that was let go costs the heap
 * nothing, a segment of a conversation in which nothing happens next to nothing, an idle flow at
 * most 512 octets. Each measure is shown to see what it is there to catch.
 */
import { describe, expect, test } from 'vitest';
import { VECTOR } from '../parsers/framing/client-hello.fixture.ts';
import { compileServices } from '../rules/catalogue/compiled-services.ts';
import { Frame, type FrameSink } from '../src/capture/frame.ts';
import { NO_SERVICES, type ServiceCatalogue } from '../src/inspect/service-catalogue.ts';
import { Engine } from '../src/pipeline/engine.ts';
import type { StoredFrame } from './corpus/frames.ts';
import { type Endpoint, TcpTalk } from './corpus/packets.ts';
import { heapCost, memoryInUse, usualHeapCost } from './support/heap.ts';

const SERVER: Endpoint = { address: 0xc0000201, port: 443 };
const PACKET_BUDGET = 2; // octets of heap a packet: the noise of the measure; a small object is 16
const SEGMENT_BUDGET = 160; // octets: the view that is lent to the parser is 96
const CONNECTION_BUDGET = 16; // octets
const FLOW_BUDGET = 512; // octets
const START = 1_795_411_200_000_000; // microseconds
const encoder = new TextEncoder();

/** Feeds without allocating: one frame object, as capture sources do. */
class Feeder {
  readonly #frame = new Frame();

  feed(frames: readonly StoredFrame[], sink: FrameSink): void {
    const frame = this.#frame;
    for (let i = 0; i < frames.length; i++) {
      const stored = frames[i];
      if (stored === undefined) continue;
      frame.buffer = stored.octets;
      frame.end = stored.octets.length;
      frame.originalLength = stored.originalLength;
      frame.linkType = 1;
      frame.number = (frame.number + 1) | 0;
      frame.time[0] = stored.time;
      sink.frame(frame);
    }
  }
}

function client(n: number): Endpoint {
  return { address: (0x0a000000 + n) >>> 0, port: 1024 + (n % 60_000) };
}

/** What no protocol begins with. */
const FOREIGN = encoder.encode(`\u0000\u0001\u0002 not a messenger ${'.'.repeat(200)}`);
const quiet = (limits = {}) => new Engine({ onEvent: () => undefined, limits });

describe('packets of flows that were let go', () => {
  const talks = Array.from({ length: 500 }, (_, n) => new TcpTalk(client(n), SERVER, START + n));
  const opening = talks.flatMap((talk) => [
    ...talk.open(),
    talk.say(0, FOREIGN),
    talk.say(1, FOREIGN),
  ]);
  const traffic = Array.from({ length: 40 }, () =>
    talks.map((talk, n) => talk.say((n % 2) as 0 | 1, FOREIGN)),
  ).flat();

  function measured(wrap: (engine: Engine) => FrameSink, measure = heapCost): number {
    const engine = quiet();
    const feeder = new Feeder();
    feeder.feed(opening, engine);
    expect(engine.counters.inspect.letGo).toBe(talks.length);
    const sink = wrap(engine);
    return measure(traffic.length, () => feeder.feed(traffic, sink));
  }

  test('allocate nothing', () => {
    expect(measured((engine) => engine)).toBeLessThanOrEqual(PACKET_BUDGET);
  });

  test('the measure sees one small object a packet', () => {
    let kept: { of: number } = { of: 0 };
    const cost = measured(
      (engine) => ({
        frame: (frame) => {
          kept = { of: kept.of + frame.end };
          engine.frame(frame);
        },
      }),
      usualHeapCost,
    );
    expect(cost).toBeGreaterThan(PACKET_BUDGET * 4);
  });
});

describe('connections of ordinary web traffic, from the SYN to the end', () => {
  const CONNECTIONS = 200; // a run
  const frames = Array.from({ length: CONNECTIONS }, (_, n) => {
    const talk = new TcpTalk(client(n), SERVER, START + n);
    return [...talk.open(), talk.say(0, VECTOR), talk.say(1, FOREIGN)];
  }).flat();

  function measured(services: ServiceCatalogue, measure = heapCost): number {
    const engine = new Engine({ onEvent: () => undefined, services });
    const feeder = new Feeder();
    const cost = measure(CONNECTIONS, () => {
      feeder.feed(frames, engine);
      engine.finish();
    });
    const { letGo, identified } = engine.counters.inspect;
    expect(letGo % CONNECTIONS).toBe(0);
    expect(identified).toEqual({ tls: letGo });
    return cost;
  }

  test('allocate next to nothing', () => {
    expect(measured(compileServices([]))).toBeLessThanOrEqual(CONNECTION_BUDGET);
  });

  test('the measure sees a name that is made', () => {
    const asksByName = { ...NO_SERVICES };
    expect(measured(asksByName, usualHeapCost)).toBeGreaterThan(CONNECTION_BUDGET);
  });
});

describe('segments of a conversation in which nothing happens', () => {
  const talk = new TcpTalk(client(1), { ...SERVER, port: 6667 }, START);
  const login = [
    ...talk.open(),
    talk.say(0, encoder.encode('NICK ann\r\nUSER ann 0 * :Ann\r\n')),
    talk.say(1, encoder.encode(':irc.example 001 ann :Welcome\r\n')),
  ];
  const segment = encoder.encode(':irc.example 372 ann :- nothing to see here\r\n'.repeat(30));
  const SEGMENTS = 1000; // a run

  test('cost no more than the view that is lent', () => {
    const engine = quiet();
    const feeder = new Feeder();
    feeder.feed(login, engine);
    expect(engine.counters.inspect.identified).toEqual({ irc: 1 });
    // The same frame again and again, its sequence number going on.
    const next = [talk.say(1, segment)];
    const octets = next[0]?.octets ?? new Uint8Array(0);
    const sequence = new DataView(octets.buffer, 38, 4);
    const cost = heapCost(SEGMENTS, () => {
      for (let i = 0; i < SEGMENTS; i++) {
        feeder.feed(next, engine);
        sequence.setInt32(0, (sequence.getInt32(0) + segment.length) | 0);
      }
    });
    expect(cost).toBeLessThanOrEqual(SEGMENT_BUDGET);
    expect(engine.counters.inspect.events).toEqual({ 'flow.identified': 1, 'session.login': 1 });
  });
});

describe('an idle flow', () => {
  /** Just beyond a power of two: the table has doubled and is half empty. */
  const FLOWS = (1 << 17) + 1000;

  async function octetsPerFlow(keep: (n: number) => unknown): Promise<number> {
    const engine = quiet();
    const feeder = new Feeder();
    const kept: unknown[] = [];
    feeder.feed(new TcpTalk(client(0), SERVER, START).open(), engine);
    const before = await memoryInUse();
    for (let n = 1; n <= FLOWS; n++) {
      const talk = new TcpTalk(client(n), SERVER, START + n);
      feeder.feed([...talk.open(), talk.say(0, FOREIGN)], engine);
      kept.push(keep(n));
    }
    const each = ((await memoryInUse()) - before) / FLOWS;
    expect(engine.counters.flows.current).toBe(FLOWS + 1);
    expect(kept).toHaveLength(FLOWS);
    return each;
  }

  test('keeps at most 512 octets', async () => {
    expect(await octetsPerFlow(() => undefined)).toBeLessThanOrEqual(FLOW_BUDGET);
  });

  test('the measure sees what is kept per flow', async () => {
    expect(await octetsPerFlow(() => new Float64Array(64))).toBeGreaterThan(FLOW_BUDGET);
  });
});
