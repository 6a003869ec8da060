/** What goes to either side where a proxy refuses: byte for byte, and as a second parser reads it. */
import { describe, expect, test } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import { client, hex, joined, octets, server } from '../../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../../test/support/tshark-opinion.ts';
import type { RendezvousRefusal } from './refusal.ts';
import {
  block,
  COOKIE,
  DIRECT_IM,
  guid,
  PLAN,
  SEND_FILE,
  Talk,
  word,
} from './rendezvous.fixture.ts';

/** The refusal of each event that is said. */
function refusals(talk: Talk, by: string, to: string, wire: Uint8Array) {
  const found: (RendezvousRefusal | undefined)[] = [];
  talk.ear.judge = () => {
    found.push(talk.rendezvous.refusal());
    return { action: 'drop', enforced: true };
  };
  talk.send(by, to, wire);
  return found;
}

const CANCEL = hex(`0005 0020 0001 '${'COOKIE01'}' 094613434c7f11d18222444553540000 000b00020001`);

test('of the client’s own offer: cancelled in the name of who it went to', () => {
  expect(refusals(new Talk(), 'ann', 'bob', PLAN)).toEqual([
    {
      subtype: 7,
      body: joined(hex("'COOKIE01' 0002 03 'bob' 0000 0001 0001 0002 0010"), CANCEL),
    },
  ]);
});

test('of a stranger’s offer: cancelled in the name of the client, as libpurple does it', () => {
  expect(refusals(new Talk(), 'bob', 'ann', PLAN)).toEqual([
    { subtype: 6, body: joined(hex("'COOKIE01' 0002 03 'bob' 0003 0000"), CANCEL) },
  ]);
});

test('of Direct IM the same, with its capability; of a cancel nothing', () => {
  const [refusal] = refusals(new Talk(), 'bob', 'ann', block(0, DIRECT_IM));
  expect([...(refusal?.body ?? [])].slice(-22, -6)).toEqual([...guid('1345')]);
  expect(refusals(new Talk(), 'bob', 'ann', block(1, SEND_FILE))).toEqual([undefined]);
  expect(new Talk().rendezvous.refusal()).toBeUndefined();
});

const need = needs({ tools: ['tshark'] });
describe.skipIf(need.skip)(`tshark reads what goes back, and what follows${need.why}`, () => {
  let sequence = 1;
  const flap = (family: Uint8Array, body: Uint8Array) => {
    const snac = joined(family, hex('0000 80000001'), body);
    sequence += 1;
    return joined(hex('2a 02'), word(sequence), word(snac.length), snac);
  };
  const text = joined(
    hex("0102030405060708 0001 03 'bob' 0000 0000"),
    hex("0002 000e 0501 0001 01 0101 0005 0000 0000 'x'"),
  );

  test.each([
    ['ann', 'bob', '7'],
    ['bob', 'ann', '6'],
  ])('%s offers to %s', async (by, to, subtype) => {
    const [refusal] = refusals(new Talk(), by, to, PLAN);
    const body = refusal?.body ?? octets('');
    const back = by === 'ann' ? server : client;
    const hello = hex('2a 01 0001 0004 00000001');
    const turns = [
      client(hello),
      server(hello),
      back(flap(joined(word(4), word(Number(subtype))), body)),
      server(flap(hex('0004 0007'), text)),
    ];
    const fields = ['aim.fnac.subtype', 'aim_messaging.icbmcookie', 'aim_messaging.channelid'];
    const rows = await tsharkFields(captureOf(turns, { port: 5190 }), {
      decodeAs: ['tcp.port==5190,aim'],
      filter: 'aim.fnac.family == 4 and not _ws.malformed',
      fields: [...fields, 'aim_messaging.rendezvous.msg_type'],
    });
    expect(rows.map((row) => row.map(([value]) => value))).toEqual([
      [`0x000${subtype}`, COOKIE, '0x0002', '0x0001'],
      ['0x0007', '0102030405060708', '0x0001', undefined],
    ]);
  });
});
