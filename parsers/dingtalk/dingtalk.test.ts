/** DingTalk's own transport. */
import { client, describeRows, hex, joined } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { DINGTALK } from './definition.ts';

const FIRST = joined(
  hex("10 64 87 80 01 00 01 00 02 00 02 'dk' 03 00 20"),
  new Uint8Array(32).fill(0x5d),
  hex("04 00 08 01 02 03 04 05 06 07 08 20 00 02 'WK' 84 00 07 'android'"),
);

describeProbe(DINGTALK, [
  { name: 'the first packet', wire: FIRST, at: 16 },
  { name: 'of the server', direction: Direction.ToClient, wire: FIRST },
  { name: 'in the middle', midstream: true, wire: FIRST },
  { name: 'another product', wire: hex("10 64 87 80 01 00 01 00 02 00 02 'ab' 03 00 20") },
  { name: 'a CONNECT of MQTT', wire: hex("10 0d 00 04 'MQTT' 04 02 00 3c 00 01 61") },
]);

const want = [
  { identify: { evidence: 'signature', signatures: ['dingtalk-lwp'], reason: 'encrypted' } },
];
describeRows(DINGTALK, [{ name: 'a connection', turns: [client(FIRST)], want }]);

hostile(DINGTALK, [FIRST], 0);
