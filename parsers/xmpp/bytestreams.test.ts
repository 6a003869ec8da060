import { describe, expect, test } from 'vitest';
import { LOGIN, run, single } from './xmpp.fixture.ts';

const S5B = 'http://jabber.org/protocol/bytestreams';
const SI = 'http://jabber.org/protocol/si';
const IBB = 'http://jabber.org/protocol/ibb';
const FT = `${SI}/profile/file-transfer`;
/** The dossier's account: alice@example.org/a. */
const ALICE = LOGIN.map((t) => t.replaceAll('ann@example.org/desk', 'alice@example.org/a'));
const offer = `C: <iq type='set' id='o1' to='bob@example.net/b'><si xmlns='${SI}' id='s5b_77' profile='${FT}'><file xmlns='${FT}' name='plan.pdf' size='52341'/></si></iq>`;
const TOKEN = 'aa1af1a86a2afa2baedbdc468952bafc892baa88';
const TOKEN_LENGTH = 40;

describe('where a SOCKS5 data connection will come (XEP-0065 §5.3.2)', () => {
  const hosts = `C: <iq type='set' id='h' to='bob@example.net/b'><query xmlns='${S5B}' sid='s5b_77'><streamhost jid='alice@example.org/a' host='10.0.0.1' port='5086'/><streamhost jid='proxy.example.org' host='fd00::7' port='7777'/><streamhost jid='p2' host='proxy.example.org' port='7777'/><streamhost jid='p3' host='10.0.0.2' port='99999'/></query></iq>`;

  test('by token in both orders, and by each numeric host', () => {
    const { expected } = run([...ALICE, offer, hosts], single).ear;
    expect(expected.map((e) => [e.token?.length, e.address, e.port])).toEqual([
      [TOKEN_LENGTH, undefined, undefined],
      [TOKEN_LENGTH, undefined, undefined],
      [TOKEN_LENGTH, '10.0.0.1', 5086],
      [TOKEN_LENGTH, 'fd00::7', 7777],
    ]);
    expect(expected[0]?.token).toBe(TOKEN);
    expect(expected[1]?.token).not.toBe(TOKEN);
    expect(expected.map((e) => e.offer.senderListens)).toEqual([
      undefined,
      undefined,
      true,
      undefined,
    ]);
    expect(expected[0]).toMatchObject({
      protocol: 'socks5',
      service: 'xmpp',
      offer: {
        sender: 'alice@example.org',
        recipient: 'bob@example.net',
        name: 'plan.pdf',
        size: 52341,
        token: 's5b_77',
        origin: 'client',
      },
    });
  });

  test('a stated DST.ADDR comes first', () => {
    const stated = hosts.replace("sid='s5b_77'", `sid='s5b_77' dstaddr='${'0A'.repeat(20)}'`);
    const { expected } = run([...ALICE, offer, stated]).ear;
    expect(expected[0]?.token).toBe('0a'.repeat(20));
  });

  test('Jingle hashes the transport’s sid (XEP-0260 check vector)', () => {
    const romeo = LOGIN.map((t) =>
      t.replaceAll('ann@example.org/desk', 'romeo@montague.lit/orchard'),
    );
    const initiate =
      "C: <iq type='set' id='1' to='juliet@capulet.lit/balcony'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='a73'><content name='f'><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>n</name></file></description><transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='vj3hs98y'><candidate cid='c' host='192.168.4.1' port='5086' jid='romeo@montague.lit/orchard' type='direct'/></transport></content></jingle></iq>";
    const { expected } = run([...romeo, initiate]).ear;
    expect(expected[0]?.token).toBe('972b7bf47291ca609517f67f86b5081086052dad');
    expect(expected.at(-1)).toMatchObject({
      address: '192.168.4.1',
      offer: { method: 'jingle', token: 'a73', senderListens: true },
    });
  });
});

test('a flow that ends in the middle of a file says so', () => {
  const turns = [
    offer,
    `C: <iq type='set' id='d' to='bob@example.net/b'><data xmlns='${IBB}' sid='s5b_77' seq='0'>YWJj</data></iq>`,
  ];
  const { heard } = run([...ALICE, ...turns]).ear;
  expect(heard.at(-1)).toMatchObject({
    kind: 'file.cancel',
    origin: 'client',
    reason: 'incomplete',
    file: { name: 'plan.pdf', size: 3, method: 'ibb' },
  });
});
