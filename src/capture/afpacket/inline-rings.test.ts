import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import { NetworkNamespaces } from '../../../test/support/network-namespaces.ts';
import { Fate, type PacketJudge, Side } from '../../verdict/wire/packet-judge.ts';
import type { Frame } from '../frame.ts';
import { FrameSender, frameOf, framesOfEveryKind, udp } from './frames.fixture.ts';
import { InlineRings, type InlineRingsOptions } from './inline-rings.ts';
import { TapRing } from './tap-ring.ts';
import { expected, transfer } from './tcp-peers.fixture.ts';

const need = needs({ root: true, tools: ['ip', 'ethtool'] });

/** Milliseconds after which a test that waits gives up. */
const PATIENCE = 15_000;

/**
 *     left ── left0 ══ a0 ── middle ── b0 ══ right0 ── right
 */
describe.skipIf(need.skip)(`a bridge of two live interfaces${need.why}`, () => {
  let net: NetworkNamespaces;
  let closing: { close(): void }[] = [];

  beforeEach(() => {
    net = new NetworkNamespaces('A-inline');
    net.add('left', 'middle', 'right');
    net.cable('left', 'left0', 'middle', 'a0');
    net.cable('right', 'right0', 'middle', 'b0');
  });
  afterEach(() => {
    for (const one of closing) one.close();
    closing = [];
    net.remove();
  });

  function open(options: Partial<InlineRingsOptions> = {}): InlineRings {
    return keep(
      net.inside('middle', () => {
        const ends = { interfaceA: 'a0', interfaceB: 'b0' };
        return new InlineRings({
          ...ends,
          ringOctets: 8 << 20,
          fanoutGroup: undefined,
          ...options,
        });
      }),
    );
  }

  function keep<T extends { close(): void }>(one: T): T {
    closing.push(one);
    return one;
  }

  const sender = (place: string, name: string) =>
    keep(net.inside(place, () => new FrameSender(name)));

  /** Reads what arrives at an end of the wire. */
  function arrivals(place: string, interfaceName: string) {
    const ring = keep(
      net.inside(
        place,
        () =>
          new TapRing({
            interfaceName,
            filter: undefined,
            ringOctets: 64 << 20,
            snapLength: 262144,
            promiscuous: true,
            fanoutGroup: undefined,
            hardwareTime: false,
          }),
      ),
    );
    ring.arm();
    return async (count: number): Promise<Buffer[]> => {
      const frames: Buffer[] = [];
      const end = Date.now() + PATIENCE;
      const frame = (f: Frame) => frames.push(Buffer.from(f.buffer.subarray(f.start, f.end)));
      await ring.run({ frame }, () => {
        if (frames.length >= count || Date.now() > end) ring.close();
      });
      return frames;
    };
  }

  /** Runs until the condition holds. */
  async function carry(rings: InlineRings, until: () => boolean, judge: Partial<PacketJudge> = {}) {
    const end = Date.now() + PATIENCE;
    const whole: PacketJudge = {
      packet: () => Fate.Forward,
      tick: () => {},
      letGo: false,
      changed: false,
      kept: false,
      ...judge,
    };
    await rings.run(whole, () => {
      if (until() || Date.now() > end) rings.close();
    });
  }

  const sent = (rings: InlineRings, side: Side) => rings.counters(side).sent;
  const hex = (frames: readonly Buffer[]) => frames.map((frame) => frame.toString('hex'));

  test('passes every kind of frame both ways, octet for octet', async () => {
    const rings = open();
    rings.arm();
    const right = arrivals('right', 'right0');
    const left = arrivals('left', 'left0');
    const there = framesOfEveryKind();
    const back = framesOfEveryKind().reverse();
    sender('left', 'left0').send(...there);
    sender('right', 'right0').send(...back);
    const sides: Side[] = [];
    await carry(rings, () => sent(rings, Side.A) + sent(rings, Side.B) === there.length * 2, {
      packet: (frame, side) => {
        sides.push(side);
        expect(frame.virtio).toBe(frame.start - 10);
        expect(frame.originalLength).toBe(frame.end - frame.start);
        return Fate.Forward;
      },
    });
    expect(hex(await right(there.length))).toEqual(hex(there));
    expect(hex(await left(back.length))).toEqual(hex(back));
    expect(sides.filter((side) => side === Side.A)).toHaveLength(there.length);
    const { received, dropped, cut, downs, up } = rings.counters(Side.A);
    expect({ received, dropped, cut, downs, up }).toEqual({
      received: there.length,
      dropped: 0,
      cut: 0,
      downs: 0,
      up: true,
    });
  });

  test('goes on turning when the clock is set back, and says how long it waited', async () => {
    const rings = open();
    const real = Date.now;
    let turns = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() - (turns > 3 ? 3000 : 0));
    const began = performance.now();
    try {
      await carry(rings, () => ++turns === 10);
    } finally {
      clock.mockRestore();
    }
    expect(performance.now() - began).toBeLessThan(2000);
    expect(rings.stages.wait).toBeGreaterThan(0.03);
  });

  test('does what the judge says: drops, changed octets, packets before the one in hand', async () => {
    const rings = open();
    rings.arm();
    const right = arrivals('right', 'right0');
    const left = arrivals('left', 'left0');
    const frames = [1, 2, 3, 4].map((n) => udp({ n, payload: 30 }));
    const extra = frameOf('88b5', 99, 70);
    const reply = frameOf('88b5', 98, 400);
    sender('left', 'left0').send(...frames);
    let n = 0;
    await carry(rings, () => n === 4 && sent(rings, Side.B) === 5, {
      packet: ({ buffer, end }, side) => {
        n++;
        expect(side).toBe(Side.A);
        if (n === 2) return Fate.Drop;
        if (n === 3) {
          rings.send(Side.B, extra, 0, extra.length, -1);
          extra.fill(0xee); // lent for the call only
          rings.send(Side.A, reply, 0, reply.length, -1);
        }
        if (n === 4) buffer[end - 1] = 0xaa;
        return Fate.Forward;
      },
      tick: () => {
        if (n === 4 && sent(rings, Side.B) === 4)
          rings.send(Side.B, frames[1] as Buffer, 0, 72, -1);
      },
    });
    const changed = Buffer.from(frames[3] as Buffer);
    changed[changed.length - 1] = 0xaa;
    expect(hex(await right(5))).toEqual(
      hex([frames[0], frameOf('88b5', 99, 70), frames[2], changed, frames[1]] as Buffer[]),
    );
    expect(hex(await left(1))).toEqual(hex([reply]));
  });

  test('a judge that stalls loses nothing: the ring waits', async () => {
    const rings = open({ ringOctets: 32 << 20 });
    rings.arm();
    const right = arrivals('right', 'right0');
    const out = sender('left', 'left0');
    const frames = Array.from({ length: 12_000 }, (_, n) => udp({ n, payload: 20 + (n % 1200) }));
    out.send(udp({ n: 0xffff, payload: 20 }));
    let first = true;
    await carry(rings, () => sent(rings, Side.B) === frames.length + 1, {
      packet: () => {
        if (first) out.send(...frames);
        first = false;
        return Fate.Forward;
      },
    });
    const got = await right(frames.length + 1);
    expect(Buffer.concat(got.slice(1)).equals(Buffer.concat(frames))).toBe(true);
    expect(rings.counters(Side.A).dropped).toBe(0);
  });

  test.each([
    ['IPv4', '10.1.0.2'],
    ['IPv6', 'fd01::2'],
  ])('carries TCP both ways with superframes, %s', { timeout: 60_000 }, async (_, host) => {
    const octets = 20_000_000;
    for (const [place, name, last] of [
      ['left', 'left0', 1],
      ['right', 'right0', 2],
    ] as const) {
      net.exec(place, 'sysctl', '-qw', `net.ipv6.conf.${name}.disable_ipv6=0`);
      net.ip(place, 'addr', 'add', `10.1.0.${last}/24`, 'dev', name);
      net.ip(place, 'addr', 'add', `fd01::${last}/64`, 'dev', name, 'nodad');
    }
    const rings = open({ ringOctets: 32 << 20 });
    let largest = 0;
    let done: Awaited<ReturnType<typeof transfer>> | undefined;
    void transfer(net, { server: 'right', client: 'left', host, port: 5222, octets }).then(
      (result) => {
        done = result;
      },
    );
    const end = Date.now() + 50_000;
    await rings.run(
      {
        packet: (frame) => {
          largest = Math.max(largest, frame.originalLength);
          return Fate.Forward;
        },
        tick: () => {},
        letGo: false,
        changed: false,
        kept: false,
      },
      () => {
        if (done !== undefined || Date.now() > end) rings.close();
      },
    );
    expect(done).toEqual({ server: await expected(2, octets), client: await expected(1, octets) });
    expect(largest).toBeGreaterThan(9000);
    for (const side of [Side.A, Side.B]) {
      const { dropped, cut, sendFailures } = rings.counters(side);
      expect({ dropped, cut, ...sendFailures }).toEqual({
        dropped: 0,
        cut: 0,
        noRoom: 0,
        tooLong: 0,
        down: 0,
        refused: 0,
        lastErrno: 0,
      });
    }
  });

  test('a tagged superframe without a checksum is cut and finished by the other side', async () => {
    // So that the kernel has to do with software what the virtio header says.
    net.exec('middle', 'ethtool', '-K', 'b0', 'tx', 'off', 'tso', 'off', 'gso', 'off');
    const rings = open();
    rings.arm();
    const right = arrivals('right', 'right0');
    const payload = Buffer.from(Array.from({ length: 4200 }, (_, i) => (i * 13) & 0xff));
    const out = sender('left', 'left0');
    out.sendWithHeader(taggedSuperframe(payload, 1400));
    expect(out.queue.failures).toMatchObject({ refused: 0, lastErrno: 0 });
    expect(rings.counters(Side.B).bypass).toBe(true);
    await carry(rings, () => sent(rings, Side.B) === 1);
    // Through traffic control one's own frames would come back to the ring if it did not ignore them.
    expect(rings.counters(Side.B)).toMatchObject({ sent: 1, bypass: false, received: 0 });
    const got = await right(3);
    expect(got.map((frame) => frame.toString('hex', 12, 18))).toEqual(
      Array(3).fill('810000070800'),
    );
    expect(Buffer.concat(got.map((frame) => frame.subarray(58))).equals(payload)).toBe(true);
    for (const frame of got) expect(tcpSum(frame.subarray(18))).toBe(0xffff);
  });

  test('a frame too long for the other side is counted, and the next one passes', async () => {
    net.ip('left', 'link', 'set', 'dev', 'left0', 'mtu', '9000');
    net.ip('middle', 'link', 'set', 'dev', 'a0', 'mtu', '9000');
    const rings = open();
    rings.arm();
    const right = arrivals('right', 'right0');
    const small = udp({ n: 2, payload: 50 });
    sender('left', 'left0').send(udp({ n: 1, payload: 5000 }), small);
    await carry(rings, () => sent(rings, Side.B) === 1);
    expect(hex(await right(1))).toEqual(hex([small]));
    expect(rings.counters(Side.B).sendFailures).toMatchObject({ tooLong: 1, refused: 0 });
  });

  test('an interface goes down and comes back; what could not go out is counted', async () => {
    const rings = open();
    const out = sender('left', 'left0');
    let step = 0;
    const b = () => rings.counters(Side.B);
    await carry(rings, () => {
      if (step === 0) {
        net.ip('middle', 'link', 'set', 'dev', 'b0', 'down');
        step = 1;
      } else if (step === 1 && b().downs === 1) {
        expect(b().up).toBe(false);
        // The cable is pulled: veth's other end loses its carrier too, and the frame is for nobody.
        rings.send(Side.B, udp({ n: 1, payload: 10 }), 0, 52, -1);
        step = 2;
      } else if (step === 2 && b().sendFailures.down === 1) {
        net.ip('middle', 'link', 'set', 'dev', 'b0', 'up');
        step = 3;
      } else if (step === 3 && b().up) {
        out.send(udp({ n: 2, payload: 10 }));
        step = 4;
      }
      return step === 4 && b().sent === 1;
    });
    expect(step).toBe(4);
    expect(b()).toMatchObject({ downs: 1, up: true, sent: 1 });
  });

  test('a device that takes nothing is waited for a bounded time, then counted', async () => {
    // A tap device that nobody has opened refuses every frame as a full queue would.
    net.ip('middle', 'tuntap', 'add', 'dev', 'full0', 'mode', 'tap');
    net.ip('middle', 'link', 'set', 'dev', 'full0', 'up');
    const out = keep(net.inside('middle', () => new FrameSender('full0')));
    const began = Date.now();
    out.send(...Array.from({ length: 200 }, (_, n) => udp({ n, payload: 10 })));
    expect(Date.now() - began).toBeLessThan(2000);
    expect(out.queue.failures).toMatchObject({ noRoom: 200, refused: 0 });
    expect(out.queue.waits).toBe(1);
  });

  test('throws away what others carried while it stood still', async () => {
    const rings = open();
    rings.arm();
    const out = sender('left', 'left0');
    out.send(...Array.from({ length: 50 }, (_, n) => udp({ n, payload: 10 })));
    rings.discard();
    expect(rings.discarded).toBe(50);
    rings.disarm();
    out.send(udp({ n: 50, payload: 10 }));
    rings.arm();
    out.send(udp({ n: 51, payload: 10 }));
    const numbers: number[] = [];
    await carry(rings, () => sent(rings, Side.B) === 1, {
      packet: ({ buffer, start }) => {
        numbers.push(Buffer.from(buffer).readUInt32BE(start + 42));
        return Fate.Forward;
      },
    });
    expect(numbers).toEqual([51]);
  });

  test('two workers share the wire: both directions of a flow come to the same one', async () => {
    const workers = [open({ fanoutGroup: 900 }), open({ fanoutGroup: 900 })];
    for (const worker of workers) worker.arm();
    const right = arrivals('right', 'right0');
    const left = arrivals('left', 'left0');
    const numbers = Array.from({ length: 64 }, (_, n) => n);
    const there = numbers.map((n) => udp({ n, payload: 20, from: 20000 + n, to: 5060 }));
    const back = numbers.map((n) => answer(udp({ n, payload: 20, from: 5060, to: 20000 + n })));
    sender('left', 'left0').send(...there);
    sender('right', 'right0').send(...back);
    const seen: string[][] = [[], []];
    const total = () => seen.flat().length;
    await Promise.all(
      workers.map((worker, i) =>
        carry(worker, () => total() === 128, {
          packet: ({ buffer, start }, side) => {
            seen[i]?.push(`${Buffer.from(buffer).readUInt32BE(start + 42)} ${side}`);
            return Fate.Forward;
          },
        }),
      ),
    );
    for (const one of seen) {
      expect(one.length).toBeGreaterThan(16);
      const other = (entry: string) => `${entry.slice(0, -1)}${1 - Number(entry.at(-1))}`;
      for (const entry of one) expect(one).toContain(other(entry));
    }
    expect(hex(await right(64)).sort()).toEqual(hex(there).sort());
    expect(hex(await left(64)).sort()).toEqual(hex(back).sort());
  });

  test('refuses what is no bridge', () => {
    expect(() => open({ interfaceB: 'a0' })).toThrow('both ends of the bridge are this interface');
    expect(() => open({ interfaceB: 'c0' })).toThrow(/c0: no such network interface.*a0, b0/);
  });
});

/** virtio header and a TCP superframe in VLAN 7 whose checksum is left to be finished. */
function taggedSuperframe(payload: Buffer, segment: number): Buffer {
  const octets = Buffer.alloc(10 + 18 + 20 + 20 + payload.length);
  octets[0] = 1; // NEEDS_CSUM
  octets[1] = 1; // GSO_TCPV4
  octets.writeUInt16LE(58, 2);
  octets.writeUInt16LE(segment, 4);
  octets.writeUInt16LE(38, 6);
  octets.writeUInt16LE(16, 8);
  const frame = octets.subarray(10);
  frame.write('020000000002020000000001810000070800', 'hex');
  const ip = frame.subarray(18);
  ip[0] = 0x45;
  ip.writeUInt16BE(40 + payload.length, 2);
  ip[8] = 64;
  ip[9] = 6;
  ip.writeUInt32BE(0x0a000001, 12);
  ip.writeUInt32BE(0x0a000002, 16);
  ip.writeUInt16BE(~sum(ip.subarray(0, 20)) & 0xffff, 10);
  const tcp = ip.subarray(20);
  tcp.writeUInt16BE(40000, 0);
  tcp.writeUInt16BE(5222, 2);
  tcp.writeUInt32BE(1, 4);
  tcp[12] = 0x50;
  tcp[13] = 0x10;
  payload.copy(tcp, 20);
  tcp.writeUInt16BE(pseudoSum(ip, tcp.length), 16);
  return octets;
}

/** Over addresses, protocol and length, folded. */
function pseudoSum(ip: Buffer, length: number): number {
  const pseudo = Buffer.alloc(12);
  ip.copy(pseudo, 0, 12, 20);
  pseudo[9] = 6;
  pseudo.writeUInt16BE(length, 10);
  return sum(pseudo);
}

/** 0xffff where the TCP checksum of an IPv4 packet is right. */
function tcpSum(ip: Buffer): number {
  const tcp = ip.subarray(20, ip.readUInt16BE(2));
  return fold(pseudoSum(ip, tcp.length) + sum(tcp));
}

function sum(octets: Buffer): number {
  let total = 0;
  for (let i = 0; i < octets.length; i += 2)
    total += ((octets[i] ?? 0) << 8) + (octets[i + 1] ?? 0);
  return fold(total);
}

function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}

/** The same frame with the addresses of an answer. */
function answer(frame: Buffer): Buffer {
  const from = frame.readUInt32BE(26);
  frame.writeUInt32BE(frame.readUInt32BE(30), 26);
  frame.writeUInt32BE(from, 30);
  return frame;
}
