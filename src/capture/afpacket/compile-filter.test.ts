import { describe, expect, test } from 'vitest';
import { findTool, needs } from '../../../test/support/need.ts';
import { acceptAll, bpfProgram, sockFprog } from './bpf-program.ts';
import { compileByTcpdump, compileFilter } from './compile-filter.ts';

const need = needs({ tools: ['tcpdump'] });
const target = { linkType: 1, snapLength: 2048, interfaceName: undefined };

test('instructions stand as the kernel reads them', () => {
  const { instructions } = bpfProgram([[0x15, 1, 255, 0xfffffffe]]);
  expect(Buffer.from(instructions).toString('hex')).toBe('150001fffeffffff');
  expect(Buffer.from(acceptAll(256).instructions).toString('hex')).toBe('0600000000010000');
  expect(
    Buffer.from(
      sockFprog(
        bpfProgram([
          [6, 0, 0, 0],
          [6, 0, 0, 1],
        ]),
      ),
    ).readUInt16LE(0),
  ).toBe(2);
});

describe.skipIf(need.skip)(`filter expressions${need.why}`, () => {
  test.each(['tcp port 5222', 'ip6 and udp', 'ether proto 0x88cc', 'host 10.0.0.1 or net 10.1/16'])(
    'libpcap and tcpdump make the same program of %s',
    (expression) => {
      const byLibrary = compileFilter(expression, target).instructions;
      expect(Buffer.from(compileByTcpdump(expression, target).instructions)).toEqual(
        Buffer.from(byLibrary),
      );
      expect(byLibrary.length).toBeGreaterThan(8);
    },
  );

  test.each([
    [
      'syntax',
      'tcp prot 80',
      /^filter "tcp prot 80": .*(syntax|unknown|parse).* \(see pcap-filter/,
    ],
    ['nothing that can match', 'ip and ip6 and', /^filter "ip and ip6 and": /],
    ['an option', '-w /tmp/sallyport-must-not-exist', /^filter "-w /],
    ['a zero octet', 'tcp\0', /zero octet/],
  ])('%s is refused with the words of the compiler', (_, expression, words) => {
    expect(() => compileFilter(expression, target)).toThrow(words);
    if (!expression.includes('\0'))
      expect(() => compileByTcpdump(expression, target)).toThrow(words);
    expect(findTool('/tmp/sallyport-must-not-exist')).toBeUndefined();
  });

  test('keeps as many octets as it is told', () => {
    const { instructions } = compileFilter('tcp', { ...target, snapLength: 77 });
    expect(instructions.includes(77)).toBe(true);
  });
});
