import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { NetworkNamespaces } from '../../test/support/network-namespaces.ts';
import { FrameSender, framesOfEveryKind, udp } from './afpacket/frames.fixture.ts';
import type { Frame } from './frame.ts';
import type { CaptureBackend, LiveSource, LiveSourceOptions } from './live-source.ts';
import { openLive } from './open-live.ts';

const need = needs({ root: true, tools: ['ip'] });

const OPTIONS: LiveSourceOptions = {
  interfaceName: 'live0',
  filter: undefined,
  ringOctets: 8 << 20,
  snapLength: 65535,
  promiscuous: true,
  fanoutGroup: undefined,
  hardwareTime: false,
};

describe.skipIf(need.skip)(`a live interface by each backend${need.why}`, () => {
  const net = new NetworkNamespaces('A-open');
  const closing: { close(): void }[] = [];

  beforeAll(() => {
    net.add('far', 'near');
    net.cable('far', 'far0', 'near', 'live0');
    // `cap` warns on standard error about an interface that has no address.
    net.ip('near', 'addr', 'add', '10.0.0.2/24', 'dev', 'live0');
  });
  afterEach(() => {
    for (const one of closing.splice(0)) one.close();
  });
  afterAll(() => net.remove());

  /** The backends open their sockets before they wait for anything. */
  async function open(backend: CaptureBackend | 'auto', options: Partial<LiveSourceOptions> = {}) {
    const opened = await net.inside('near', () => openLive(backend, { ...OPTIONS, ...options }));
    closing.push(opened.source);
    return opened;
  }

  function sender(): FrameSender {
    const out = net.inside('far', () => new FrameSender('far0'));
    closing.push(out);
    return out;
  }

  /** Sends when the source runs, and takes so many frames. */
  async function take(source: LiveSource, frames: readonly Buffer[], count: number) {
    const out = sender();
    const got: Buffer[] = [];
    const end = Date.now() + 15_000;
    let turns = 0;
    const frame = (f: Frame) => {
      got.push(Buffer.from(f.buffer.subarray(f.start, f.end)));
      expect(Math.abs((f.time[0] ?? 0) / 1000 - Date.now())).toBeLessThan(15_000);
      expect(f.originalLength).toBe(f.end - f.start);
      expect(f.number).toBe(got.length);
    };
    await source.run({ frame }, () => {
      if (turns++ === 0) out.send(...frames);
      if (got.length >= count || Date.now() > end) source.close();
    });
    return got;
  }

  test.each(['afpacket', 'pcap', 'cap'] as const)('%s feeds every frame', async (backend) => {
    const { source } = await open(backend);
    expect(source.backend).toBe(backend);
    const frames = framesOfEveryKind();
    const got = await take(source, frames, frames.length);
    expect(got.map((f) => f.toString('hex'))).toEqual(frames.map((f) => f.toString('hex')));
    expect(source.counters()).toMatchObject({ received: frames.length, dropped: 0, up: true });
  });

  test.each(['afpacket', 'pcap', 'cap'] as const)('%s filters', async (backend) => {
    const { source } = await open(backend, { filter: 'udp port 5060' });
    const wanted = udp({ n: 2, payload: 20 });
    expect(await take(source, [udp({ n: 1, payload: 20, to: 53 }), wanted], 1)).toEqual([wanted]);
  });

  test.each(['afpacket', 'pcap', 'cap'] as const)(
    'what the sink throws ends %s, not the process',
    async (backend) => {
      const { source } = await open(backend);
      const out = sender();
      const sink = {
        frame: () => {
          throw new Error('the sink broke');
        },
      };
      let turns = 0;
      const running = source.run(sink, () => {
        if (turns++ === 0) out.send(udp({ n: 1, payload: 20 }));
      });
      await expect(running).rejects.toThrow('the sink broke');
    },
  );

  test.each(['afpacket', 'pcap', 'cap'] as const)(
    '%s says in one line that an interface or a filter is wrong',
    async (backend) => {
      await expect(open(backend, { interfaceName: 'nothere0' })).rejects.toThrow(/^nothere0: .+$/);
      await expect(open(backend, { filter: 'no such word' })).rejects.toThrow(/^[^\n]+$/);
    },
  );

  test('auto takes the ring and has nothing to remark', async () => {
    const { source, remark } = await open('auto');
    expect(source.backend).toBe('afpacket');
    expect(remark).toBeUndefined();
  });

  test('a weaker backend that was asked for says what it lacks', async () => {
    expect((await open('cap')).remark).toMatch(/^a packet costs .*lost packets are not counted/);
  });

  test('pcap ends with an error when the interface goes down', async () => {
    net.cable('far', 'far1', 'near', 'live1');
    const opened = await open('pcap', { interfaceName: 'live1' });
    net.ip('near', 'link', 'set', 'dev', 'live1', 'down');
    // The interface is asked for by name: in its namespace.
    const running = net.insideUntil('near', () => opened.source.run({ frame: () => {} }, () => {}));
    await expect(running).rejects.toThrow(/live1: .*it went down, and pcap cannot go on/);
  });
});
