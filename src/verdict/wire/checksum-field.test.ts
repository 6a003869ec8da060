import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addWords, foldChecksum } from '../../bytes/checksum.ts';
import { ipv4 } from '../../decode/frame.fixture.ts';
import { correctChecksum, isIntact, touchedSum } from './checksum-field.ts';
import { DATAGRAM, type Decoding, decoded, SEGMENT, WIRES } from './wire.fixture.ts';

/** As its sender would have computed it. */
function computed({ frame, view }: Decoding): number {
  const sum = [...view.addresses].reduce((s, word) => s + (word >>> 16) + (word & 0xffff), 0);
  const length = view.payloadEnd - view.transportAt;
  const pseudo = sum + view.transport + length;
  return foldChecksum(addWords(frame.buffer, view.transportAt, view.payloadEnd, pseudo));
}

const fieldOf = ({ view }: Decoding) => view.transportAt + (view.transport === 6 ? 16 : 6);

function seal(decoding: Decoding): Decoding {
  const at = fieldOf(decoding);
  const { buffer } = decoding.frame;
  buffer[at] = buffer[at + 1] = 0;
  const sum = computed(decoding);
  buffer[at] = sum >>> 8;
  buffer[at + 1] = sum & 255;
  return decoding;
}

function change(decoding: Decoding, from: number, to: number, value: number): void {
  const { frame, view } = decoding;
  const before = touchedSum(view, from, to);
  frame.buffer.fill(value, from, to);
  correctChecksum(frame, view, before, touchedSum(view, from, to));
}

describe.each(WIRES)('%s', (_name, linkType, wrap) => {
  const kinds: readonly (readonly [string, number, Uint8Array])[] = [
    ['TCP', 6, SEGMENT],
    ['TCP, odd', 6, SEGMENT.slice(0, -1)],
    ['UDP', 17, DATAGRAM],
  ];
  test.each(kinds)('%s: right after any change of the payload', (_kind, protocol, packet) => {
    const sealed = seal(decoded(wrap(protocol, packet), linkType, false));
    const { payloadStart, payloadEnd } = sealed.view;
    const original = sealed.frame.buffer.slice();
    for (let from = payloadStart; from < payloadEnd; from++) {
      for (let to = from + 1; to <= payloadEnd; to++) {
        sealed.frame.buffer.set(original);
        change(sealed, from, to, 0x20);
        expect(isIntact(sealed.frame, sealed.view)).toBe(true);
      }
    }
  });

  test('a damaged segment stays damaged', () => {
    const sealed = seal(decoded(wrap(6, SEGMENT), linkType, false));
    const at = fieldOf(sealed);
    sealed.frame.buffer[at] = (sealed.frame.buffer[at] ?? 0) ^ 0x40;
    expect(isIntact(sealed.frame, sealed.view)).toBe(false);
    change(sealed, sealed.view.payloadStart + 1, sealed.view.payloadEnd, 0x20);
    expect(isIntact(sealed.frame, sealed.view)).toBe(false);
  });
});

test('any octets, any range', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(63),
      fc.nat(63),
      fc.nat(255),
      (payload, a, b, value) => {
        const segment = new Uint8Array([...SEGMENT.slice(0, 20), ...payload]);
        const sealed = seal(decoded(ipv4(6, segment), 101, false));
        const from = Math.min(a, b) % payload.length;
        const to = Math.min(payload.length, Math.max(a, b) + 1);
        const { payloadStart } = sealed.view;
        change(sealed, payloadStart + from, payloadStart + Math.max(from + 1, to), value);
        expect(isIntact(sealed.frame, sealed.view)).toBe(true);
      },
    ),
  );
});

test('a UDP datagram without a checksum gets none', () => {
  const without = decoded(ipv4(17, DATAGRAM), 101);
  change(without, without.view.payloadStart, without.view.payloadEnd, 0x20);
  expect(without.frame.buffer[fieldOf(without)]).toBe(0);
  expect(isIntact(without.frame, without.view)).toBe(true);
});

test('a checksum that is left to the network card is left to it', () => {
  const partial = seal(decoded(ipv4(6, SEGMENT), 101, false));
  partial.frame.virtio = 0;
  partial.frame.buffer[0] = 1;
  const field = fieldOf(partial);
  partial.frame.buffer[field] = 0x12;
  change(partial, partial.view.payloadStart, partial.view.payloadEnd, 0x20);
  expect(partial.frame.buffer[field]).toBe(0x12);
  expect(isIntact(partial.frame, partial.view)).toBe(true);
});
