import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import { NetworkNamespaces } from '../../../test/support/network-namespaces.ts';
import type { Frame } from '../frame.ts';
import type { LiveSourceOptions } from '../live-source.ts';
import { FrameSender, frameOf, framesOfEveryKind, udp } from './frames.fixture.ts';
import { TapRing } from './tap-ring.ts';

const need = needs({ root: true, tools: ['ip'] });

const OPTIONS: LiveSourceOptions = {
  interfaceName: 'tap0',
  filter: undefined,
  ringOctets: 8 << 20,
  snapLength: 262144,
  promiscuous: true,
  fanoutGroup: undefined,
  hardwareTime: false,
};

/** Milliseconds after which a test that waits for frames gives up. */
const PATIENCE = 10_000;

describe.skipIf(need.skip)(`a tap on a live interface${need.why}`, () => {
  const net = new NetworkNamespaces('A-tap');
  const closing: { close(): void }[] = [];

  beforeAll(() => {
    net.add('far', 'near');
    net.cable('far', 'far0', 'near', 'tap0', 9000);
  });
  afterEach(() => {
    for (const one of closing.splice(0)) one.close();
  });
  afterAll(() => net.remove());

  function open(options: Partial<LiveSourceOptions> = {}): TapRing {
    const ring = net.inside('near', () => new TapRing({ ...OPTIONS, ...options }));
    closing.push(ring);
    return ring;
  }

  function sender(name = 'far0'): FrameSender {
    const out = net.inside('far', () => new FrameSender(name));
    closing.push(out);
    return out;
  }

  /** Runs the ring until it has fed so many frames; copies of their octets. */
  async function take(ring: TapRing, count: number, each?: (frame: Frame) => void) {
    const frames: Buffer[] = [];
    const end = Date.now() + PATIENCE;
    const sink = {
      frame: (frame: Frame) => {
        frames.push(Buffer.from(frame.buffer.subarray(frame.start, frame.end)));
        each?.(frame);
      },
    };
    await ring.run(sink, () => {
      if (frames.length >= count || Date.now() > end) ring.close();
    });
    return frames;
  }

  test('feeds every frame as it was on the wire, tags included', async () => {
    const ring = open();
    const sent = framesOfEveryKind();
    ring.arm();
    sender().send(...sent);
    const numbers: number[] = [];
    const began = Date.now() * 1000;
    const got = await take(ring, sent.length, (frame) => {
      numbers.push(frame.number);
      expect(frame.originalLength).toBe(frame.end - frame.start);
      expect(frame.linkType).toBe(1);
      expect(Math.abs((frame.time[0] ?? 0) - began)).toBeLessThan(PATIENCE * 1000);
    });
    expect(got.map((frame) => frame.toString('hex'))).toEqual(
      sent.map((frame) => frame.toString('hex')),
    );
    expect(numbers).toEqual(sent.map((_, n) => n + 1));
    expect(ring.counters()).toMatchObject({
      received: sent.length,
      dropped: 0,
      downs: 0,
      up: true,
    });
  });

  test('goes on turning when the clock is set back, and says what it spent its time on', async () => {
    const ring = open();
    ring.arm();
    sender().send(...framesOfEveryKind());
    const real = Date.now;
    let turns = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() - (turns > 3 ? 3000 : 0));
    const began = performance.now();
    try {
      await ring.run({ frame: () => undefined }, () => {
        if (++turns === 10) ring.close();
      });
    } finally {
      clock.mockRestore();
    }
    const seconds = (performance.now() - began) / 1000;
    expect(seconds).toBeLessThan(2);
    expect(ring.stages.wait).toBeGreaterThan(0.05);
    expect(ring.stages.inspect).toBeGreaterThan(0);
    expect(ring.stages.wait + ring.stages.inspect).toBeLessThan(seconds);
  });

  test('feeds a burst of jumbo and small frames in order', async () => {
    const ring = open({ ringOctets: 64 << 20 });
    ring.arm();
    const sent = Array.from({ length: 3000 }, (_, n) => udp({ n, payload: n % 3 ? 20 : 8900 }));
    sender().send(...sent);
    const got = await take(ring, sent.length);
    expect(got.length).toBe(sent.length);
    expect(Buffer.concat(got).equals(Buffer.concat(sent))).toBe(true);
  });

  test('keeps only so many octets of a frame as it is told', async () => {
    const ring = open({ snapLength: 100 });
    ring.arm();
    const frame = udp({ n: 1, payload: 500 });
    sender().send(frame);
    const [got] = await take(ring, 1, (f) => expect(f.originalLength).toBe(frame.length));
    expect(got?.equals(frame.subarray(0, 100))).toBe(true);
  });

  test('takes nothing in before it is armed', async () => {
    const ring = open();
    const out = sender();
    out.send(udp({ n: 1, payload: 10 }));
    ring.arm();
    out.send(udp({ n: 2, payload: 10 }));
    const got = await take(ring, 1);
    expect(got.map((frame) => frame.readUInt32BE(42))).toEqual([2]);
  });

  test('lets the kernel filter', async () => {
    const ring = open({ filter: 'udp port 5060' });
    ring.arm();
    const wanted = udp({ n: 1, payload: 10 });
    sender().send(frameOf('0806', 1, 60), udp({ n: 2, payload: 10, to: 53 }), wanted);
    expect(await take(ring, 1)).toEqual([wanted]);
    expect(ring.counters().received).toBe(1);
  });

  test('filters by VLAN, though the kernel takes the tag out first', async () => {
    const ring = open({ filter: 'vlan 7' });
    ring.arm();
    const wanted = frameOf('810000070800', 1, 64);
    sender().send(frameOf('810000080800', 2, 64), udp({ n: 3, payload: 10 }), wanted);
    expect(await take(ring, 1)).toEqual([wanted]);
  });

  test('counts what the kernel had to drop, every time it is asked', async () => {
    const ring = open({ ringOctets: 2 << 20 });
    ring.arm();
    const out = sender();
    const frame = udp({ n: 1, payload: 8000 });
    const burst = Array.from({ length: 500 }, () => frame);
    out.send(...burst);
    expect(ring.counters().dropped).toBeGreaterThan(0);
    expect(ring.counters().fill).toBeGreaterThan(0.5);
    out.send(...burst);
    const { received, dropped } = ring.counters();
    expect(received).toBe(1000);
    const got = await take(ring, received - dropped);
    expect(got.length).toBe(received - dropped);
    expect(ring.counters()).toMatchObject({ received, dropped });
  });

  test('goes on when the interface was down', async () => {
    const ring = open();
    const out = sender();
    const numbers: number[] = [];
    let step = 0;
    const end = Date.now() + PATIENCE;
    await ring.run(
      { frame: (frame) => numbers.push(Buffer.from(frame.buffer).readUInt32BE(frame.start + 42)) },
      () => {
        const { downs, up } = ring.counters();
        if (step === 0) {
          out.send(udp({ n: 1, payload: 10 }));
          step = 1;
        } else if (step === 1 && numbers.length === 1) {
          net.ip('near', 'link', 'set', 'dev', 'tap0', 'down');
          step = 2;
        } else if (step === 2 && downs === 1) {
          expect(up).toBe(false);
          net.ip('near', 'link', 'set', 'dev', 'tap0', 'up');
          step = 3;
        } else if (step === 3) {
          out.send(udp({ n: 2, payload: 10 }));
          if (numbers.length > 1) step = 4;
        } else if (step === 4 && up) ring.close();
        if (Date.now() > end) ring.close();
      },
    );
    expect(step).toBe(4);
    expect(numbers.slice(0, 2)).toEqual([1, 2]);
    expect(ring.counters()).toMatchObject({ downs: 1, up: true });
  });

  test('ends with an error when the interface is removed', async () => {
    net.cable('far', 'gone0', 'near', 'gone1');
    const ring = open({ interfaceName: 'gone1' });
    const end = Date.now() + PATIENCE;
    let removed = false;
    const running = ring.run({ frame: () => {} }, () => {
      // `look` wants the namespace that the interface is in.
      if (!removed) net.ip('near', 'link', 'del', 'dev', 'gone1');
      removed = true;
      if (Date.now() > end) ring.close();
    });
    await expect(running).rejects.toThrow('gone1: the network interface was removed');
  });

  test('what was in the ring when its interface was removed is fed before that is said', async () => {
    net.cable('far', 'last0', 'near', 'last1');
    const ring = open({ interfaceName: 'last1' });
    const out = net.inside('far', () => new FrameSender('last0'));
    const end = Date.now() + PATIENCE;
    let frames = 0;
    let removed = false;
    const frame = () => {
      // Slow: its next turn is due before it has taken them all.
      const until = frames++ === 0 ? performance.now() + 30 : 0;
      while (performance.now() < until);
    };
    const running = ring.run({ frame }, () => {
      // Three blocks, and a part of one; this thread takes none of them meanwhile.
      if (!removed) {
        for (let i = 0; i < 10; i++) {
          out.send(...Array.from({ length: 120 }, (_, n) => udp({ n, payload: 1400 })));
        }
        net.ip('near', 'link', 'del', 'dev', 'last1');
      }
      removed = true;
      if (Date.now() > end) ring.close();
    });
    await expect(running).rejects.toThrow('the network interface was removed');
    expect(frames).toBe(1200);
    out.close();
  });

  test('shares flows between taps of a group, both directions of a flow with one of them', async () => {
    const rings = [open({ fanoutGroup: 4711 }), open({ fanoutGroup: 4711 })];
    for (const ring of rings) ring.arm();
    const flows = Array.from({ length: 64 }, (_, n) => ({ n, from: 20000 + n, to: 5060 }));
    sender().send(
      ...flows.map(({ n, from, to }) => udp({ n, payload: 20, from, to })),
      ...flows.map(({ n, from, to }) => answer(udp({ n, payload: 20, from: to, to: from }))),
    );
    const seen: number[][] = [[], []];
    const end = Date.now() + PATIENCE;
    const total = () => seen.flat().length;
    await Promise.all(
      rings.map((ring, i) =>
        ring.run(
          { frame: (f) => seen[i]?.push(Buffer.from(f.buffer).readUInt32BE(f.start + 42)) },
          () => {
            if (total() >= 128 || Date.now() > end) ring.close();
          },
        ),
      ),
    );
    expect(total()).toBe(128);
    for (const one of seen) {
      expect(one.length).toBeGreaterThan(16);
      for (const n of one) expect(one.filter((other) => other === n)).toHaveLength(2);
    }
  });

  test('says in a virtio header when a frame has no checksum yet', async () => {
    net.ip('far', 'addr', 'add', '10.0.0.1/24', 'dev', 'far0');
    net.ip('far', 'neigh', 'add', '10.0.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'far0');
    const ring = open({ filter: 'udp port 9' });
    ring.arm();
    net.exec('far', 'bash', '-c', 'echo hello > /dev/udp/10.0.0.2/9');
    const flags: (number | undefined)[] = [];
    await take(ring, 1, ({ buffer, virtio }) => flags.push(virtio < 0 ? -1 : buffer[virtio]));
    expect(flags).toEqual([1]); // VIRTIO_NET_HDR_F_NEEDS_CSUM
  });

  test('names the interfaces there are when one is not', () => {
    expect(() => open({ interfaceName: 'eth7' })).toThrow(
      'eth7: no such network interface; there are: tap0',
    );
    expect(() => open({ interfaceName: 'a-name-that-is-too-long' })).toThrow('no such network');
  });

  test('says what is wrong with a filter', () => {
    expect(() => open({ filter: 'port https and' })).toThrow(/filter "port https and": .*syntax/);
  });
});

/** The same frame with the addresses of an answer. */
function answer(frame: Buffer): Buffer {
  const from = frame.readUInt32BE(26);
  frame.writeUInt32BE(frame.readUInt32BE(30), 26);
  frame.writeUInt32BE(from, 30);
  return frame;
}
