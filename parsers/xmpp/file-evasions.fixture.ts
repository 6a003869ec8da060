/** Test support: offers made to be miscounted or missed, and what must be heard all the same. */
import { bob, direct, type Row, theirs } from './xmpp.fixture.ts';

const FROM = "from='bob@example.net/home' to='ann@example.org/desk'";
const fromBob = { ...theirs, ...bob, ...direct };
const SI = 'http://jabber.org/protocol/si';
const SI_FILE = `${SI}/profile/file-transfer`;
const JINGLE = 'urn:xmpp:jingle:1';
const FILE5 = 'urn:xmpp:jingle:apps:file-transfer:5';
const IBB = 'http://jabber.org/protocol/ibb';

const content = (name: string, file: string) =>
  `<content creator='initiator' name='${name}'><description xmlns='${FILE5}'><file>${file}</file></description><transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t${name}'/></content>`;
const jingle = (id: string, action: string, inner: string) =>
  `S: <iq type='set' id='${id}' ${FROM}><jingle xmlns='${JINGLE}' action='${action}' sid='j1'>${inner}</jingle></iq>`;
const si = (id: string, sid: string, file: string) =>
  `S: <iq type='set' id='${id}' ${FROM}><si xmlns='${SI}' id='${sid}' profile='${SI_FILE}'>${file}</si></iq>`;
const block = (sid: string, seq: number, from: string, data = 'QUJD') =>
  `S: <iq type='set' id='d${seq}' from='${from}' to='ann@example.org/desk'><data xmlns='${IBB}' sid='${sid}' seq='${seq}'>${data}</data></iq>`;

export const FILE_EVASIONS: readonly Row[] = [
  {
    name: 'offers: sizes that are none, words beside the file',
    turns: [
      si('1', 's1', `<file xmlns='${SI_FILE}' name='a' size='-1'><desc>falcon</desc></file>`),
      si('2', 's2', `<file xmlns='${SI_FILE}' name='b' size='99999999999999999999'/>`),
      si('3', 's3', `<file xmlns='${SI_FILE}' name='../../c' size='1e3'/>`),
    ],
    want: [
      { anomaly: 'size-invalid' },
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: '1',
        text: 'falcon',
        file: { name: 'a', token: 's1' },
      },
      { anomaly: 'size-invalid' },
      { kind: 'file.offer', ...fromBob, messageId: '2', file: { name: 'b', token: 's2' } },
      { anomaly: 'size-invalid' },
      { kind: 'file.offer', ...fromBob, messageId: '3', file: { name: '../../c', token: 's3' } },
    ],
  },
  {
    name: 'more than was offered is counted, the same sid of another peer is another file',
    turns: [
      si('1', 's', `<file xmlns='${SI_FILE}' name='a' size='3'/>`),
      block('s', 0, 'bob@example.net/home'),
      block('s', 0, 'eve@example.net/x', 'RVZF'),
      block('s', 1, 'bob@example.net/home'),
    ],
    want: [
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: '1',
        file: { name: 'a', size: 3, token: 's' },
      },
      {
        kind: 'file.start',
        ...fromBob,
        file: { name: 'a', size: 3, method: 'ibb', token: 's' },
      },
      {
        kind: 'file.start',
        ...theirs,
        from: 'eve@example.net',
        fromResource: 'x',
        to: ['ann@example.org'],
        ...direct,
        file: { method: 'ibb', token: 's' },
      },
      { anomaly: 'size-exceeded' },
      {
        kind: 'file.complete',
        ...fromBob,
        file: { name: 'a', size: 6, method: 'ibb', token: 's', sha256: 'digest of ABCABC' },
      },
      {
        kind: 'file.complete',
        ...theirs,
        from: 'eve@example.net',
        fromResource: 'x',
        to: ['ann@example.org'],
        ...direct,
        file: { size: 3, method: 'ibb', token: 's', sha256: 'digest of EVE' },
      },
    ],
  },
  {
    name: 'a content added late, a transport replaced, the seventeenth file',
    turns: [
      jingle('1', 'session-initiate', content('a', '<name>a</name>')),
      jingle('2', 'content-add', content('b', '<name>late.exe</name><desc>falcon</desc>')),
      jingle(
        '3',
        'transport-replace',
        `<content name='a'><transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='i1' block-size='4096'/></content>`,
      ),
      block('i1', 0, 'bob@example.net/home'),
      jingle(
        '4',
        'content-add',
        Array.from({ length: 15 }, (_, i) => content(`n${i}`, `<name>n${i}</name>`)).join(''),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: '1',
        file: { name: 'a', method: 'jingle', token: 'j1' },
      },
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: '2',
        text: 'falcon',
        file: { name: 'late.exe', method: 'jingle', token: 'j1' },
      },
      {
        kind: 'file.start',
        ...fromBob,
        file: { name: 'a', method: 'ibb', token: 'j1' },
      },
      ...Array.from({ length: 15 }, (_, i) => ({
        kind: 'file.offer',
        ...fromBob,
        messageId: '4',
        file: { name: `n${i}`, method: 'jingle', token: 'j1' },
      })),
      {
        kind: 'file.complete',
        ...fromBob,
        file: { name: 'a', size: 3, method: 'ibb', token: 'j1', sha256: 'digest of ABC' },
      },
    ],
  },
];
