/** Contact lists and requests: wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import {
  ALICE,
  BOB,
  CAROL,
  CLIENT_15,
  carried,
  SERVER_15,
  SIGN_IN,
  SIGNED_IN,
} from './wire.fixture.ts';

const signIn = [client(SIGN_IN.client), server(SIGN_IN.server)];

function after(name: string, turns: Row['turns'], want: Row['want']): Row {
  return { name, turns: [...signIn, ...turns], want: [SIGNED_IN, ...want] };
}

const MINE = { ...CLIENT_15, from: ALICE };
const LISTED = { kind: 'contact.list', ...SERVER_15, from: ALICE };
const ASKED = { kind: 'contact.request', ...SERVER_15, to: [ALICE] };

export const CONTACTS: readonly Row[] = [
  after(
    'MSNP9: the list at sign-in, groups by number; who waits for an answer asks',
    [
      server('SYN 5 9 3 2\r\nGTC A\r\nBLP AL\r\nLSG 0 Other%20Contacts 0\r\nLSG 1 Friends 0\r\n'),
      server('LST bob@retro.test B%C3%B6b 11 0,1\r\nLST carol@retro.test Carol 12\r\n'),
      server('LST dan@retro.test dan@retro.test 2\r\nLST eve@retro.test Eve 24\r\n'),
    ],
    [
      {
        ...LISTED,
        contact: BOB,
        list: 'forward',
        name: 'Böb',
        groups: ['Other Contacts', 'Friends'],
      },
      { ...LISTED, contact: CAROL, list: 'block', name: 'Carol' },
      { ...LISTED, contact: 'dan@retro.test', list: 'allow' },
      { ...ASKED, from: 'eve@retro.test', contact: 'eve@retro.test', list: 'pending', name: 'Eve' },
    ],
  ),
  after(
    'MSNP7: a line for each list and group',
    [
      server('LSG 3 117 1 1 0 Friends 0\r\nLST 3 FL 117 1 2 bob@retro.test Bob 0\r\n'),
      server('LST 3 BL 117 1 1 carol@retro.test Carol\r\nLST 3 RL 117 0 0\r\n'),
    ],
    [
      { ...LISTED, contact: BOB, list: 'forward', name: 'Bob', groups: ['Friends'] },
      { ...LISTED, contact: CAROL, list: 'block', name: 'Carol' },
    ],
  ),
  after(
    'MSNP12: names and identifiers; contacts are taken off by their identifier',
    [
      server('LSG Friends g-1\r\nLST N=bob@retro.test F=Bob C=c-1 3 1 g-1\r\n'),
      client('REM 8 FL c-1 g-1\r\nADC 9 FL C=c-1 g-1\r\nADC 10 FL N=carol@retro.test F=Carol\r\n'),
      server('ADC 10 FL N=carol@retro.test F=Carol C=c-2\r\n'),
      client('REM 11 FL c-2\r\nREM 12 BL bob@retro.test\r\n'),
      server('ADC 0 RL N=dan@retro.test F=Dan\r\nADC 0 PL N=eve@retro.test F=Eve\r\n'),
    ],
    [
      { ...LISTED, contact: BOB, list: 'forward', name: 'Bob', groups: ['Friends'] },
      { kind: 'contact.remove', ...MINE, contact: BOB, list: 'forward', groups: ['Friends'] },
      { kind: 'contact.add', ...MINE, contact: BOB, list: 'forward', groups: ['Friends'] },
      { kind: 'contact.add', ...MINE, contact: CAROL, list: 'forward', name: 'Carol' },
      { kind: 'contact.remove', ...MINE, contact: CAROL, list: 'forward' },
      { kind: 'contact.unblock', ...MINE, contact: BOB, list: 'block' },
      { ...ASKED, from: 'dan@retro.test', contact: 'dan@retro.test', list: 'reverse', name: 'Dan' },
      { ...ASKED, from: 'eve@retro.test', contact: 'eve@retro.test', list: 'pending', name: 'Eve' },
    ],
  ),
  after(
    'requests: granted, refused, and none of somebody who is allowed already',
    [
      server('ADD 0 RL 3 bob@retro.test Bob\r\nADD 0 RL 4 carol@retro.test Carol\r\n'),
      client('ADD 8 AL bob@retro.test Bob\r\nADD 9 BL carol@retro.test Carol\r\n'),
      server('ADD 8 AL 5 bob@retro.test Bob\r\nADD 9 BL 6 carol@retro.test Carol\r\n'),
      server('REM 0 RL 7 bob@retro.test\r\nADD 0 RL 8 bob@retro.test Bob\r\n'),
      client('REM 10 AL bob@retro.test\r\nADD 11 BL bob@retro.test Bob\r\n'),
    ],
    [
      { ...ASKED, from: BOB, contact: BOB, list: 'reverse', name: 'Bob' },
      { ...ASKED, from: CAROL, contact: CAROL, list: 'reverse', name: 'Carol' },
      { kind: 'contact.approve', ...MINE, contact: BOB, list: 'allow', name: 'Bob' },
      { kind: 'contact.deny', ...MINE, contact: CAROL, list: 'block', name: 'Carol' },
      { kind: 'contact.remove', ...SERVER_15, from: BOB, contact: BOB, list: 'reverse' },
      { ...ASKED, from: BOB, contact: BOB, list: 'reverse', name: 'Bob' },
      { kind: 'contact.remove', ...MINE, contact: BOB, list: 'allow' },
      { kind: 'contact.block', ...MINE, contact: BOB, list: 'block', name: 'Bob' },
    ],
  ),
  after(
    'MSNP9: groups are made and renamed, contacts moved',
    [
      client('ADG 23 Family 0\r\n'),
      server('ADG 23 13 Family 3 0\r\n'),
      client('ADD 24 FL bob@retro.test Bob 3\r\n'),
      server('REG 26 16 3 B\xc3\xbcro 0\r\n'),
      client('REM 27 FL bob@retro.test 3\r\n'),
      server('RMG 28 17 3\r\n'),
      client('REM 29 FL bob@retro.test 3\r\n'),
    ],
    [
      {
        kind: 'contact.add',
        ...MINE,
        contact: BOB,
        list: 'forward',
        name: 'Bob',
        groups: ['Family'],
      },
      { kind: 'contact.remove', ...MINE, contact: BOB, list: 'forward', groups: ['Büro'] },
      { kind: 'contact.remove', ...MINE, contact: BOB, list: 'forward', groups: ['3'] },
    ],
  ),
  after(
    'MSNP15: ADL and RML, several in one; the first one is the list itself',
    [
      client(
        carried(
          'ADL 9',
          "<ml l='1'><d n='retro.test'><c n='bob' l='3' t='1'/><c n='Carol' l='5' t='1'/></d>" +
            "<t><c n='tel:+15551234' l='3'/></t></ml>",
        ),
      ),
      server('ADL 9 OK\r\n'),
      server(
        carried('ADL 0', '<ml><d n="retro.test"><c n="dan" t="1" l="8" f="D%C3%A4n" /></d></ml>'),
      ),
      client(
        carried('ADL 10', '<ml><d n="retro.test"><c n="dan" l="3" t="1"/></d></ml>'),
        carried('RML 11', '<ml><d n="retro.test"><c n="bob" l="1" t="1"/></d></ml>'),
        carried('FQY 12', '<ml><d n="retro.test"><c n="x"/></d></ml>'),
      ),
      server(
        'RML 11 OK\r\n',
        carried('RML 0', '<ml><d n="retro.test"><c n="dan" t="1" l="8"/></d></ml>'),
      ),
    ],
    [
      { kind: 'contact.list', ...MINE, contact: BOB, list: 'forward' },
      { kind: 'contact.list', ...MINE, contact: CAROL, list: 'forward' },
      { kind: 'contact.list', ...MINE, contact: CAROL, list: 'block' },
      { kind: 'contact.list', ...MINE, contact: 'tel:+15551234', list: 'forward' },
      { ...ASKED, from: 'dan@retro.test', contact: 'dan@retro.test', list: 'reverse', name: 'Dän' },
      { kind: 'contact.add', ...MINE, contact: 'dan@retro.test', list: 'forward' },
      { kind: 'contact.approve', ...MINE, contact: 'dan@retro.test', list: 'allow' },
      { kind: 'contact.remove', ...MINE, contact: BOB, list: 'forward' },
      {
        kind: 'contact.remove',
        ...SERVER_15,
        from: 'dan@retro.test',
        contact: 'dan@retro.test',
        list: 'reverse',
      },
    ],
  ),
];
