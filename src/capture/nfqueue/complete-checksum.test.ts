import { describe, expect, test } from 'vitest';
import { completeChecksum } from './complete-checksum.ts';

/** The sum as RFC 1071 defines it, over a pseudo-header as RFC 9293 §3.1 and RFC 8200 §8.1 lay it out. */
function isRight(octets: Uint8Array, header: number, protocol: number): boolean {
  const ip6 = (octets[0] ?? 0) >>> 4 === 6;
  const pseudo = Buffer.concat([
    octets.subarray(ip6 ? 8 : 12, ip6 ? 40 : 20),
    Buffer.from([0, protocol]),
    Buffer.from([(octets.length - header) >>> 8, (octets.length - header) & 255]),
    octets.subarray(header),
    Buffer.alloc((octets.length - header) & 1),
  ]);
  let sum = 0;
  for (let i = 0; i < pseudo.length; i += 2) sum += pseudo.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return sum === 0xffff;
}

function ipv4(protocol: number, payload: Uint8Array, options = 0): Uint8Array {
  const header = Buffer.alloc(20 + options * 4);
  header[0] = 0x45 + options;
  header.writeUInt16BE(header.length + payload.length, 2);
  header[9] = protocol;
  header.set([10, 1, 2, 3, 192, 168, 255, 254], 12);
  return Buffer.concat([header, payload]);
}

function ipv6(next: number, payload: Uint8Array): Uint8Array {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = next;
  header.set([0xfd, 0x93, 1], 8);
  header.set([0xfd, 0x94, 2], 24);
  return Buffer.concat([header, payload]);
}

function segment(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255));
}

describe('the checksum becomes right', () => {
  const extension = Buffer.from([6, 1, ...new Array(14).fill(0)]); // hop by hop, 16 octets, then TCP
  test.each([
    ['TCP over IPv4', ipv4(6, segment(57)), 20, 6],
    ['TCP over IPv4 with options', ipv4(6, segment(56), 3), 32, 6],
    ['UDP over IPv4', ipv4(17, segment(30)), 20, 17],
    ['TCP over IPv6', ipv6(6, segment(1441)), 40, 6],
    ['UDP over IPv6', ipv6(17, segment(9)), 40, 17],
    ['TCP behind hop-by-hop options', ipv6(0, Buffer.concat([extension, segment(40)])), 56, 6],
    ['a superframe', ipv4(6, segment(65_500)), 20, 6],
  ] as const)('%s', (_name, octets, header, protocol) => {
    const buffer = Buffer.concat([Buffer.alloc(3, 0xee), octets, Buffer.alloc(3, 0xee)]);
    const before = buffer.toString('hex', 3, 3 + header);
    expect(isRight(octets, header, protocol)).toBe(false);
    expect(completeChecksum(buffer, 3, 3 + octets.length)).toBe(true);
    expect(isRight(buffer.subarray(3, 3 + octets.length), header, protocol)).toBe(true);
    expect(buffer.toString('hex', 3, 3 + header)).toBe(before);
    expect([...buffer.subarray(-3)]).toEqual([0xee, 0xee, 0xee]);
  });
});

test('UDP: a sum of zero is written as all ones', () => {
  const datagram = Buffer.alloc(10);
  const octets = ipv4(17, datagram);
  completeChecksum(octets, 0, octets.length);
  const sum = ((octets[26] ?? 0) << 8) | (octets[27] ?? 0);
  octets[28] = sum >>> 8; // the payload takes the sum's part, so that the sum is zero
  octets[29] = sum & 255;
  expect(completeChecksum(octets, 0, octets.length)).toBe(true);
  expect([octets[26], octets[27]]).toEqual([0xff, 0xff]);
});

describe('left as it is', () => {
  const fragment = ipv4(6, segment(40));
  fragment[6] = 0x20; // more fragments
  test.each([
    ['a fragment', fragment],
    ['another transport', ipv4(1, segment(40))],
    ['a fragment header of IPv6', ipv6(44, segment(40))],
    ['an extension header that never ends', ipv6(0, Buffer.from([0, 255, 0, 0, 0, 0, 0, 0]))],
    ...Array.from({ length: 38 }, (_, n) => [`${n} octets`, ipv4(6, segment(40)).slice(0, n)]),
  ] as [string, Uint8Array][])('%s', (_name, octets) => {
    const before = octets.slice();
    expect(completeChecksum(octets, 0, octets.length)).toBe(false);
    expect(octets).toEqual(before);
  });
});
