/** Test support: file transfers and calls by every road, and what must be heard of them. */
import { bob, digestOf, direct, mine, type Row, theirs } from './xmpp.fixture.ts';

const BOB = 'bob@example.net/home';
const ANN = 'ann@example.org/desk';
const SI = 'http://jabber.org/protocol/si';
const FT = `${SI}/profile/file-transfer`;
const IBB = 'http://jabber.org/protocol/ibb';
const S5B = 'http://jabber.org/protocol/bytestreams';
const DECLARED = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
const toBob = { to: ['bob@example.net'], ...direct };
const fromBob = { ...theirs, ...bob, ...direct };
const offer = (sid: string, ...methods: string[]) =>
  `<si xmlns='${SI}' id='${sid}' mime-type='application/pdf' profile='${FT}'><file xmlns='${FT}' name='plan.pdf' size='6'/><feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>${methods.map((m) => `<option><value>${m}</value></option>`).join('')}</field></x></feature></si>`;
const chosen = (method: string) =>
  `<si xmlns='${SI}'><feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='submit'><field var='stream-method'><value>${method}</value></field></x></feature></si>`;
const plan = (method: string, token: string) => ({
  name: 'plan.pdf',
  size: 6,
  mime: 'application/pdf',
  method,
  token,
});
const jingle = (action: string, content: string, sid = 'j1') =>
  `<jingle xmlns='urn:xmpp:jingle:1' action='${action}' sid='${sid}'>${content}</jingle>`;
const described = `<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>plan.pdf</name><size>6</size><media-type>application/pdf</media-type></file></description>`;
const fromBobIq = (id: string, type: string, payload: string) =>
  `S: <iq type='${type}' id='${id}' from='${BOB}' to='${ANN}'>${payload}</iq>`;
const toBobIq = (id: string, type: string, payload: string) =>
  `C: <iq type='${type}' id='${id}' to='${BOB}'>${payload}</iq>`;

export const FILES: readonly Row[] = [
  {
    name: 'stream initiation over IBB, hashed to the last octet',
    turns: [
      fromBobIq('o1', 'set', offer('s1', S5B, IBB)),
      toBobIq('o1', 'result', chosen(IBB)),
      fromBobIq('p1', 'set', `<open xmlns='${IBB}' sid='s1' block-size='4096'/>`),
      toBobIq('p1', 'result', ''),
      fromBobIq('d1', 'set', `<data xmlns='${IBB}' sid='s1' seq='0'>YWJj\n</data>`),
      `S: <message from='${BOB}' to='${ANN}'><data xmlns='${IBB}' sid='s1' seq='1'>ZGVm</data></message>`,
      fromBobIq('c1', 'set', `<close xmlns='${IBB}' sid='s1'/>`),
    ],
    want: [
      { kind: 'file.offer', ...fromBob, messageId: 'o1', file: plan('socks5', 's1') },
      { kind: 'file.accept', ...mine, ...toBob, messageId: 'o1', file: plan('ibb', 's1') },
      { kind: 'file.start', ...fromBob, file: plan('ibb', 's1') },
      {
        kind: 'file.complete',
        ...fromBob,
        file: { ...plan('ibb', 's1'), sha256: digestOf('abcdef') },
      },
    ],
  },
  {
    name: 'IBB closed before all was there, and a block lost',
    turns: [
      toBobIq('o1', 'set', offer('s1', IBB)),
      fromBobIq('o1', 'result', chosen(IBB)),
      toBobIq('p1', 'set', `<open xmlns='${IBB}' sid='s1' block-size='4096'/>`),
      fromBobIq('p1', 'result', ''),
      toBobIq('d1', 'set', `<data xmlns='${IBB}' sid='s1' seq='1'>YWJj</data>`),
      fromBobIq('c1', 'set', `<close xmlns='${IBB}' sid='s1'/>`),
    ],
    want: [
      { kind: 'file.offer', ...mine, ...toBob, messageId: 'o1', file: plan('ibb', 's1') },
      { kind: 'file.accept', ...fromBob, messageId: 'o1', file: plan('ibb', 's1') },
      { kind: 'file.start', ...mine, ...toBob, file: plan('ibb', 's1') },
      { anomaly: 'ibb-sequence' },
      {
        kind: 'file.cancel',
        ...fromBob,
        messageId: 'c1',
        reason: 'incomplete',
        file: { ...plan('ibb', 's1'), size: 3 },
      },
    ],
  },
  {
    name: 'more octets than were offered',
    turns: [
      fromBobIq('o1', 'set', offer('s1', IBB)),
      fromBobIq('d1', 'set', `<data xmlns='${IBB}' sid='s1' seq='0'>YWJjZGVmZw==</data>`),
      fromBobIq('c1', 'set', `<close xmlns='${IBB}' sid='s1'/>`),
    ],
    want: [
      { kind: 'file.offer', ...fromBob, messageId: 'o1', file: plan('ibb', 's1') },
      { kind: 'file.start', ...fromBob, file: plan('ibb', 's1') },
      { anomaly: 'size-exceeded' },
      {
        kind: 'file.complete',
        ...fromBob,
        file: { ...plan('ibb', 's1'), size: 7, sha256: digestOf('abcdefg') },
      },
    ],
  },
  {
    name: 'an offer refused; an answer of another person changes nothing',
    turns: [
      toBobIq('o1', 'set', offer('s5b_77', S5B)),
      `S: <iq type='result' id='o1' from='eve@example.com/x' to='${ANN}'>${chosen(IBB)}</iq>`,
      fromBobIq('o1', 'error', `<error code='403' type='cancel'><forbidden ${DECLARED}/></error>`),
    ],
    want: [
      { kind: 'file.offer', ...mine, ...toBob, messageId: 'o1', file: plan('socks5', 's5b_77') },
      {
        kind: 'file.decline',
        ...fromBob,
        messageId: 'o1',
        reason: 'forbidden',
        file: plan('socks5', 's5b_77'),
      },
    ],
  },
  {
    name: 'a size that is none',
    turns: [
      fromBobIq('o1', 'set', offer('s1', IBB).replace("size='6'", "size='-6'")),
      fromBobIq('o2', 'set', offer('s2', IBB).replace("size='6'", "size='99999999999999999999'")),
    ],
    want: [
      { anomaly: 'size-invalid' },
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: 'o1',
        file: { name: 'plan.pdf', mime: 'application/pdf', method: 'ibb', token: 's1' },
      },
      { anomaly: 'size-invalid' },
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: 'o2',
        file: { name: 'plan.pdf', mime: 'application/pdf', method: 'ibb', token: 's2' },
      },
    ],
  },
  {
    name: 'Jingle over IBB, its transport replaced on the way',
    turns: [
      fromBobIq(
        '1',
        'set',
        jingle(
          'session-initiate',
          `<content creator='initiator' name='a'>${described}<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t0'/></content>`,
        ),
      ),
      toBobIq(
        '2',
        'set',
        jingle(
          'session-accept',
          `<content creator='initiator' name='a'>${described}<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='t0'/></content>`,
        ),
      ),
      fromBobIq(
        '3',
        'set',
        jingle(
          'transport-replace',
          `<content creator='initiator' name='a'><transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='t1' block-size='4096'/></content>`,
        ),
      ),
      fromBobIq('4', 'set', `<open xmlns='${IBB}' sid='t1' block-size='4096'/>`),
      toBobIq('4', 'result', ''),
      fromBobIq('5', 'set', `<data xmlns='${IBB}' sid='t1' seq='0'>YWJjZGVm</data>`),
      toBobIq('6', 'set', jingle('session-terminate', '<reason><success/></reason>')),
    ],
    want: [
      { kind: 'file.offer', ...fromBob, messageId: '1', file: plan('jingle', 'j1') },
      { kind: 'file.accept', ...mine, ...toBob, messageId: '2', file: plan('jingle', 'j1') },
      { kind: 'file.start', ...fromBob, file: plan('ibb', 'j1') },
      {
        kind: 'file.complete',
        ...fromBob,
        file: { ...plan('ibb', 'j1'), sha256: digestOf('abcdef') },
      },
    ],
  },
  {
    name: 'Jingle: content added late, one declined, one cancelled, one answered by an error',
    turns: [
      fromBobIq('1', 'set', jingle('session-initiate', `<content name='a'>${described}</content>`)),
      fromBobIq('2', 'set', jingle('content-add', `<content name='b'>${described}</content>`)),
      toBobIq('3', 'set', jingle('session-terminate', '<reason><decline/></reason>')),
      toBobIq(
        '4',
        'set',
        jingle('session-initiate', `<content name='c'>${described}</content>`, 'j2'),
      ),
      toBobIq('5', 'set', jingle('session-terminate', '<reason><cancel/></reason>', 'j2')),
      toBobIq(
        '6',
        'set',
        jingle('session-initiate', `<content name='d'>${described}</content>`, 'j3'),
      ),
      fromBobIq('6', 'error', `<error type='cancel'><service-unavailable ${DECLARED}/></error>`),
    ],
    want: [
      { kind: 'file.offer', ...fromBob, messageId: '1', file: plan('jingle', 'j1') },
      { kind: 'file.offer', ...fromBob, messageId: '2', file: plan('jingle', 'j1') },
      {
        kind: 'file.decline',
        ...mine,
        ...toBob,
        messageId: '3',
        reason: 'decline',
        file: plan('jingle', 'j1'),
      },
      {
        kind: 'file.decline',
        ...mine,
        ...toBob,
        messageId: '3',
        reason: 'decline',
        file: plan('jingle', 'j1'),
      },
      { kind: 'file.offer', ...mine, ...toBob, messageId: '4', file: plan('jingle', 'j2') },
      {
        kind: 'file.cancel',
        ...mine,
        ...toBob,
        messageId: '5',
        reason: 'cancel',
        file: plan('jingle', 'j2'),
      },
      { kind: 'file.offer', ...mine, ...toBob, messageId: '6', file: plan('jingle', 'j3') },
      {
        kind: 'file.decline',
        ...fromBob,
        messageId: '6',
        reason: 'service-unavailable',
        file: plan('jingle', 'j3'),
      },
    ],
  },
  {
    name: 'an upload slot granted, and the link it is sent as; another refused',
    turns: [
      "C: <iq type='get' id='u' to='up.example.org'><request xmlns='urn:xmpp:http:upload:0' filename='a.png' size='9' content-type='image/png'/></iq>",
      `S: <iq type='result' id='u' from='up.example.org' to='${ANN}'><slot xmlns='urn:xmpp:http:upload:0'><put url='https://up/x'/><get url='https://up/x/1'/></slot></iq>`,
      "C: <message to='bob@example.net'><body>https://up/x/1</body><x xmlns='jabber:x:oob'><url>https://up/x/1</url></x></message>",
      "C: <iq type='get' id='v' to='up.example.org'><request xmlns='urn:xmpp:http:upload'><filename>b</filename><size>10</size></request></iq>",
      `S: <iq type='error' id='v' from='up.example.org' to='${ANN}'><error type='modify'><not-acceptable ${DECLARED}/></error></iq>`,
    ],
    want: [
      {
        kind: 'file.offer',
        ...mine,
        to: ['up.example.org'],
        route: 'service',
        messageId: 'u',
        file: { name: 'a.png', size: 9, mime: 'image/png', method: 'http-upload', token: 'u' },
      },
      {
        kind: 'file.accept',
        ...theirs,
        from: 'up.example.org',
        to: ['ann@example.org'],
        route: 'service',
        messageId: 'u',
        file: {
          name: 'a.png',
          size: 9,
          mime: 'image/png',
          method: 'http-upload',
          token: 'u',
          url: 'https://up/x/1',
        },
      },
      { kind: 'message', ...mine, ...toBob, text: 'https://up/x/1' },
      {
        kind: 'file.offer',
        ...mine,
        ...toBob,
        file: {
          name: 'a.png',
          size: 9,
          mime: 'image/png',
          method: 'oob',
          token: 'u',
          url: 'https://up/x/1',
        },
      },
      {
        kind: 'file.offer',
        ...mine,
        to: ['up.example.org'],
        route: 'service',
        messageId: 'v',
        file: { name: 'b', size: 10, method: 'http-upload', token: 'v' },
      },
      {
        kind: 'file.decline',
        ...theirs,
        from: 'up.example.org',
        to: ['ann@example.org'],
        route: 'service',
        messageId: 'v',
        reason: 'not-acceptable',
        file: { name: 'b', size: 10, method: 'http-upload', token: 'v' },
      },
    ],
  },
  {
    name: 'a link out of band, taken',
    turns: [
      fromBobIq(
        'l',
        'set',
        "<query xmlns='jabber:iq:oob'><url>http://h/f.txt</url><desc>look</desc></query>",
      ),
      toBobIq('l', 'result', ''),
    ],
    want: [
      {
        kind: 'file.offer',
        ...fromBob,
        messageId: 'l',
        text: 'look',
        file: { name: 'f.txt', method: 'oob', token: 'l', url: 'http://h/f.txt' },
      },
      {
        kind: 'file.accept',
        ...mine,
        ...toBob,
        messageId: 'l',
        file: { name: 'f.txt', method: 'oob', token: 'l', url: 'http://h/f.txt' },
      },
    ],
  },
];
