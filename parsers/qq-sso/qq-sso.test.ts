/** QQ for telephones: whose connection it is. */
import { client, describeRows, hex, joined } from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction } from '../contract.ts';
import { QQ_SSO } from './definition.ts';

const SEALED = new Uint8Array(40).fill(0xb3);
const NUMBER = hex("00 00 00 0e '1444875387'");
const AFTER = joined(hex('00 00 00 44 00 00 00 0b 01 00 00 13 88 00'), NUMBER, SEALED);
const SIGN_IN = joined(hex('00 00 00 44 00 00 00 0a 02 00 00 00 04 00'), NUMBER, SEALED);
const WITH_TICKET = joined(
  hex('00 00 00 84 00 00 00 0a 01 00 00 00 44'),
  new Uint8Array(64).fill(0x2f),
  hex('00'),
  NUMBER,
  SEALED,
);
const NOBODY = joined(hex("00 00 00 3b 00 00 00 0a 02 00 00 00 04 00 00 00 00 05 '0'"), SEALED);

describeProbe(QQ_SSO, [
  { name: 'signed in', wire: AFTER, at: 28 },
  { name: 'signing in', wire: SIGN_IN, at: 28 },
  { name: 'with a ticket', wire: WITH_TICKET, at: 92 },
  { name: 'nobody yet', wire: NOBODY, at: 19 },
  { name: 'the server', direction: Direction.ToClient, wire: AFTER },
  { name: 'in the middle', midstream: true, wire: AFTER },
  { name: 'another kind', wire: hex('00 00 00 44 00 00 00 0c 01 00 00 13 88 00') },
  { name: 'another cipher', wire: hex('00 00 00 44 00 00 00 0b 03 00 00 13 88 00') },
  { name: 'a ticket without end', wire: hex('00 00 00 44 00 00 00 0a 01 00 01 00 04 00') },
  {
    name: 'a number of no digits',
    wire: joined(AFTER.subarray(0, 14), hex("00 00 00 0e 'abcdefghij'")),
  },
  { name: 'a packet that ends before', wire: joined(hex('00 00 00 14'), AFTER.subarray(4)) },
  { name: 'a packet without end', wire: joined(hex('00 01 00 44'), AFTER.subarray(4)) },
]);

const qq = (account?: string) => ({
  identify: {
    evidence: 'signature',
    signatures: ['qq-sso'],
    reason: 'encrypted',
    ...(account === undefined ? {} : { account }),
  },
});
describeRows(QQ_SSO, [
  { name: 'signed in', turns: [client(AFTER)], want: [qq('1444875387')] },
  { name: 'with a ticket', turns: [client(WITH_TICKET)], want: [qq('1444875387')] },
  { name: 'nobody yet', turns: [client(NOBODY)], want: [qq()] },
]);

hostile(QQ_SSO, [AFTER, SIGN_IN, WITH_TICKET, NOBODY], 2048);
