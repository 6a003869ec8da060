/** What a queue is told: a flow that is let go, but not the tunnel around it. */
import { expect, test } from 'vitest';
import { ipv4, octets, text, u16, u32 } from '../decode/frame.fixture.ts';
import { Side } from '../verdict/wire/packet-judge.ts';
import { Bench } from './bridge.fixture.ts';

const RAW = 101;
const GRE_IP = Uint8Array.of(0, 0, 8, 0);

/** TCP from port 4000 to port 2000 with octets of no protocol. */
function segment(sequence: number, flags: number, payload: Uint8Array): Uint8Array {
  return octets(
    u16(4000),
    u16(2000),
    u32(sequence),
    u32(1),
    [0x50, flags],
    u16(65_535),
    u32(0),
    payload,
  );
}

function letGo(dress: (packet: Uint8Array) => Uint8Array): boolean {
  const bench = new Bench(undefined, {}, { checksums: false });
  bench.give(dress(ipv4(6, segment(99, 2, text('')))), Side.A, undefined, RAW);
  const noise = Uint8Array.from({ length: 600 }, (_, i) => (i * 7 + 128) & 255);
  bench.give(dress(ipv4(6, segment(100, 24, noise))), Side.A, undefined, RAW);
  return bench.bridge.letGo;
}

test('a flow of nobody is let go', () => {
  expect(letGo((packet) => packet)).toBe(true);
});

test('inside a tunnel it is only forgotten: other flows may come through it', () => {
  expect(letGo((packet) => ipv4(47, octets(GRE_IP, packet)))).toBe(false);
});
