/** KakaoTalk by LOCO's heads in clear, and by the handshake of its secure layer. */
import { client, describeRows, hex, joined } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { LOCO } from './definition.ts';

const KEY = Uint8Array.from({ length: 256 }, (_, i) => (i * 73 + 41) & 255 || 1);
const SECURE = joined(hex('00 01 00 00 05 00 00 00 02 00 00 00'), KEY, hex('20 00 00 00'));
const NEWER = joined(hex('00 01 00 00 10 00 00 00 03 00 00 00'), KEY);
/** `{ os: "win" }` */
const BODY = hex("11 00 00 00 02 'os' 00 04 00 00 00 'win' 00 00");
const CLEAR = joined(hex("e8 03 00 00 00 00 'GETCONF' 00 00 00 00 00 11 00 00 00"), BODY);
const METHOD_OF_11 = joined(hex("01 00 00 00 00 00 'ABCDEFGHIJK' 00 11 00 00 00"), BODY);

describeProbe(LOCO, [
  { name: 'the secure layer', wire: SECURE, at: 44 },
  { name: 'a newer key and cipher', wire: NEWER, at: 44 },
  { name: 'a head in clear', wire: CLEAR, at: 26 },
  { name: 'a method of all its octets', wire: METHOD_OF_11, at: 26 },
  { name: 'the server', direction: Direction.ToClient, wire: CLEAR },
  { name: 'in the middle', midstream: true, wire: SECURE },
  { name: 'a cipher that is none', wire: hex('00 01 00 00 05 00 00 00 07 00 00 00 aa bb cc') },
  {
    name: 'a key of small numbers',
    wire: joined(hex('00 01 00 00 05 00 00 00 02 00 00 00'), new Uint8Array(40)),
  },
  { name: 'a method in small letters', wire: hex("01 00 00 00 00 00 'getconf' 00 00 00 00 00") },
  { name: 'a method with a hole', wire: hex("01 00 00 00 00 00 'GET' 00 'CONF' 00 00 00 00") },
  { name: 'a status', wire: hex("01 00 00 00 2e fe 'GETCONF' 00 00 00 00 00") },
  {
    name: 'two lengths',
    wire: joined(hex("e8 03 00 00 00 00 'GETCONF' 00 00 00 00 00 12 00 00 00"), BODY),
  },
]);

const loco = {
  identify: { evidence: 'signature', signatures: ['kakaotalk-loco'], reason: 'LOCO' },
};
describeRows(LOCO, [
  { name: 'secure', turns: [client(SECURE)], want: [loco] },
  { name: 'in clear', turns: [client(CLEAR)], want: [loco] },
]);

hostile(LOCO, [SECURE, NEWER, CLEAR, METHOD_OF_11], 0);
