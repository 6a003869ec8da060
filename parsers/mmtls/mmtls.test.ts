/** WeChat's long link by its hellos (Citizen Lab's notes on mmtls). */
import { client, describeRows, hex, joined, server } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { MMTLS } from './definition.ts';

const { ToClient } = Direction;
const RANDOM = hex('4a 49 0f 83'.repeat(8));
const HELLO = joined(
  hex('16 f1 04 00 32 00 00 00 2e 01 04 f1 01 00 a8'),
  RANDOM,
  hex('65 6e 78 3c 00 00 00 01 00 00 00'),
);
const EARLY = joined(Uint8Array.of(0x19), HELLO.subarray(1));
const OLDER = HELLO.map((octet, i) => (i === 2 || i === 10 ? 3 : octet));
const ANSWER = joined(
  hex('16 f1 04 00 2e 00 00 00 2a 02 04 f1 00 a8'),
  RANDOM,
  hex('00 00 00 01 00 00'),
);
const ALERT = hex('15 f1 04 00 07 00 00 00 03 00 73 02');

describeProbe(MMTLS, [
  { name: 'a hello', wire: HELLO, at: 12 },
  { name: 'a hello with early data', wire: EARLY, at: 12 },
  { name: 'a hello of 2016', wire: OLDER, at: 12 },
  { name: 'a server’s hello', direction: ToClient, wire: ANSWER, at: 12 },
  { name: 'an alert', direction: ToClient, wire: ALERT, at: 9 },
  { name: 'an alert of a client', wire: ALERT },
  { name: 'a client’s hello of a server', direction: ToClient, wire: HELLO },
  { name: 'in the middle', midstream: true, wire: HELLO },
  { name: 'TLS', wire: hex('16 03 01 02 00 01 00 01 fc 03 03 aa bb') },
  {
    name: 'a length inside that does not fit',
    wire: hex('16 f1 04 00 32 00 00 00 2f 01 04 f1 01'),
  },
  { name: 'data first', wire: hex('17 f1 04 00 32 00 00 00 2e 01 04 f1 01') },
  { name: 'version 0', wire: hex('16 f1 00 00 32 00 00 00 2e 01 04 f1 01') },
]);

const mmtls = {
  identify: { evidence: 'signature', signatures: ['wechat-mmtls'], reason: 'mmtls' },
};
describeRows(MMTLS, [
  { name: 'a connection', turns: [client(HELLO), server(ANSWER)], want: [mmtls] },
  { name: 'only the server is seen', turns: [server(ALERT)], want: [mmtls] },
]);

hostile(MMTLS, [HELLO, EARLY, ANSWER, ALERT], 0);
