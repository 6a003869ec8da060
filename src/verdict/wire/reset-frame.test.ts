import { expect, test } from 'vitest';
import { ethernet, ipv4, octets, u16 } from '../../decode/frame.fixture.ts';
import { sequenceBehind, sequenceForSender, writeReset } from './reset-frame.ts';
import { decoded, frameOf, SEGMENT, WIRES } from './wire.fixture.ts';

const TCP = 6;

const resetOf = (packet: Uint8Array, linkType: number, toSender: boolean) => {
  const { frame, view } = decoded(packet, linkType, false);
  const out = new Uint8Array(256).fill(0xee);
  const length = writeReset(frame, view, toSender, 0x11223344, -2, out);
  return { view, octets: out.slice(0, length) };
};

test.each(WIRES)('%s: a RST for who was to receive the packet', (_name, linkType, wrap) => {
  const { view, octets: made } = resetOf(wrap(TCP, SEGMENT), linkType, false);
  const { view: reset } = decoded(made, linkType);
  expect(reset.badChecksum).toBe(false);
  expect([...reset.addresses]).toEqual([...view.addresses]);
  expect(reset.sourcePort).toBe(view.sourcePort);
  expect(reset.destinationPort).toBe(view.destinationPort);
  expect(reset.vlan).toBe(view.vlan);
  expect(reset).toMatchObject({ flags: 0x14, sequence: 0x11223344, acknowledgement: -2 });
  expect(reset.payloadEnd - reset.payloadStart).toBe(0);
});

test.each(WIRES)('%s: a RST for its sender', (_name, linkType, wrap) => {
  const packet = wrap(TCP, SEGMENT);
  const { view, octets: made } = resetOf(packet, linkType, true);
  const { view: reset } = decoded(made, linkType);
  expect(reset.badChecksum).toBe(false);
  expect([...reset.addresses]).toEqual([...view.addresses.slice(4), ...view.addresses.slice(0, 4)]);
  expect(reset.sourcePort).toBe(view.destinationPort);
  expect(reset.destinationPort).toBe(view.sourcePort);
  expect(reset.flags).toBe(0x14);
  if (linkType === 1) {
    expect(made.slice(0, 6)).toEqual(packet.slice(6, 12));
    expect(made.slice(6, 12)).toEqual(packet.slice(0, 6));
  }
});

test('a PPPoE frame says its new length', () => {
  const [, linkType, wrap] = WIRES.find(([name]) => name === 'IPv4 in PPPoE') ?? [];
  if (wrap === undefined || linkType === undefined) throw new Error('no such wire');
  const { octets: made } = resetOf(wrap(TCP, SEGMENT), linkType, false);
  expect([...made.slice(18, 20)]).toEqual(u16(2 + 20 + 20));
});

test('nothing is made inside a tunnel', () => {
  const { octets: made } = resetOf(ethernet(0x0800, ipv4(4, ipv4(TCP, SEGMENT))), 1, false);
  expect(made.length).toBe(0);
});

test('nothing is made in an 802.3 frame, whose length would be wrong', () => {
  const payload = octets([0xaa, 0xaa, 3, 0, 0, 0], u16(0x0800), ipv4(TCP, SEGMENT));
  const { octets: made } = resetOf(ethernet(payload.length, payload), 1, false);
  expect(made.length).toBe(0);
});

test('the numbers: what the sender expects, and what lies behind the packet', () => {
  const segment = SEGMENT.slice();
  const { view } = decoded(ipv4(TCP, segment), 101, false);
  expect(sequenceForSender(view)).toBe(0xfffefdfc | 0);
  expect(sequenceBehind(view)).toBe(0x01020304 + 26);
  segment[13] = 2; // SYN
  const syn = decoded(ipv4(TCP, segment), 101, false).view;
  expect(sequenceForSender(syn)).toBe(0);
  expect(sequenceBehind(syn)).toBe(0x01020304 + 27);
  segment[13] = 0x11; // FIN and ACK
  expect(sequenceBehind(decoded(ipv4(TCP, segment), 101, false).view)).toBe(0x01020304 + 27);
});

test('a buffer that is too small gets nothing', () => {
  const { view } = decoded(ipv4(TCP, SEGMENT), 101, false);
  const out = new Uint8Array(39);
  expect(writeReset(frameOf(ipv4(TCP, SEGMENT), 101), view, false, 1, 1, out)).toBe(0);
  expect(out.every((octet) => octet === 0)).toBe(true);
});
