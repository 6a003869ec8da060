/** Test support: ways to get past a filter, and what must be heard all the same. */
import { bob, direct, mine, type Row, theirs } from './xmpp.fixture.ts';

const FROM = "from='bob@example.net/home' to='ann@example.org/desk'";
const TO = "to='bob@example.net'";
const toBob = { ...mine, to: ['bob@example.net'], ...direct };
const fromBob = { ...theirs, ...bob, ...direct };
const XHTML_IM = 'http://jabber.org/protocol/xhtml-im';
const XHTML = 'http://www.w3.org/1999/xhtml';
const CARBONS = 'urn:xmpp:carbons:2';
const FORWARD = 'urn:xmpp:forward:0';
const MUC_USER = 'http://jabber.org/protocol/muc#user';

const said = (text: string) => ({ kind: 'message', ...toBob, text });
const forwarded = (from: string) =>
  `<forwarded xmlns='${FORWARD}'><message xmlns='jabber:client' from='${from}' to='ann@example.org'><body>transfer it</body></message></forwarded>`;

/** The word, however it is written in XML. */
const SPELLINGS: readonly string[] = [
  `<message ${TO}><body>falcon</body></message>`,
  `<c:message xmlns:c='jabber:client' ${TO}><c:body>falcon</c:body></c:message>`,
  `<message xmlns='jabber:client' ${TO}><body>falcon</body></message>`,
  `<message ${TO}><body><![CDATA[fal]]>con</body></message>`,
  `<message ${TO}><body>f<![CDATA[]]>al<![CDATA[con]]></body></message>`,
  `<message ${TO}><body>&#102;&#x61;&#x0006C;con</body></message>`,
  `<message\n\tto="bob@example.net"\r\n ><body\n>falcon</body\n></message >`,
  `<message id='' xml:lang="en" to = 'b&#111;b@example.net'><body>falcon</body></message>`,
  `<message to='BOB@Example.NET'><body>falcon</body></message>`,
];

export const EVASIONS: readonly Row[] = [
  {
    name: 'prefixes, CDATA, references, quotes, line ends, case',
    turns: SPELLINGS.map((s) => `C: ${s}`),
    want: SPELLINGS.map(() => said('falcon')),
  },
  {
    name: 'a second body, and a body that is only XHTML',
    turns: [
      `C: <message ${TO}><body>hi</body><body xml:lang='de'>falcon</body></message>`,
      `C: <message ${TO}><html xmlns='${XHTML_IM}'><body xmlns='${XHTML}'>fal<b>con</b></body></html></message>`,
      `C: <message ${TO}><body>hi</body><html xmlns='${XHTML_IM}'><body xmlns='${XHTML}'>falcon</body></html></message>`,
    ],
    want: [
      { anomaly: 'alternative-bodies' },
      { ...said('hi'), markup: 'falcon', anomalies: ['alternative-bodies'] },
      { ...said('falcon'), markup: 'fal<b>con</b>' },
      { anomaly: 'alternative-bodies' },
      { ...said('hi'), markup: 'falcon', anomalies: ['alternative-bodies'] },
    ],
  },
  {
    name: 'the word is in every other place that people are shown',
    turns: [
      `C: <message ${TO}><subject>hi</subject><subject xml:lang='de'>falcon</subject></message>`,
      `C: <presence><show>away</show><status>out</status><status xml:lang='de'>falcon</status></presence>`,
      `C: <presence type='subscribe' ${TO}><status>falcon</status></presence>`,
      `C: <presence to='r@muc.example/falcon'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      `C: <message type='groupchat' to='r@muc.example'><subject>falcon</subject></message>`,
      `C: <message to='r@muc.example'><x xmlns='${MUC_USER}'><invite ${TO}><reason>falcon</reason></invite></x></message>`,
      `C: <message ${TO}><x xmlns='jabber:x:conference' jid='falcon@muc.example' reason='falcon'/></message>`,
      `C: <iq type='set' id='k' to='r@muc.example'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='carl' role='none'><reason>falcon</reason></item></query></iq>`,
      `C: <presence type='unavailable' to='r@muc.example/falcon'><status>falcon</status></presence>`,
      `C: <iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='c@d' name='falcon'><group>falcon</group></item></query></iq>`,
    ],
    want: [
      { kind: 'message', ...toBob, subject: 'hi\nfalcon' },
      { kind: 'presence', ...mine, state: 'away', status: 'out\nfalcon' },
      {
        kind: 'contact.request',
        ...toBob,
        contact: 'bob@example.net',
        text: 'falcon',
        status: 'falcon',
      },
      {
        kind: 'room.join',
        origin: 'client',
        account: 'ann@example.org',
        from: 'falcon',
        room: 'r@muc.example',
        route: 'room',
      },
      {
        kind: 'room.topic',
        origin: 'client',
        account: 'ann@example.org',
        from: 'falcon',
        room: 'r@muc.example',
        route: 'room',
        text: 'falcon',
      },
      {
        kind: 'room.invite',
        ...mine,
        to: ['bob@example.net'],
        room: 'r@muc.example',
        route: 'room',
        reason: 'falcon',
      },
      { kind: 'room.invite', ...toBob, room: 'falcon@muc.example', reason: 'falcon' },
      {
        kind: 'room.kick',
        origin: 'client',
        account: 'ann@example.org',
        from: 'falcon',
        to: ['carl'],
        room: 'r@muc.example',
        route: 'room',
        state: 'kicked',
        reason: 'falcon',
      },
      {
        kind: 'room.leave',
        origin: 'client',
        account: 'ann@example.org',
        from: 'falcon',
        room: 'r@muc.example',
        route: 'room',
        status: 'falcon',
      },
      {
        kind: 'contact.add',
        ...mine,
        contact: 'c@d',
        list: 'roster',
        name: 'falcon',
        groups: ['falcon'],
      },
    ],
  },
  {
    name: 'files inside: data URIs in any attribute, bits of binary in a message and in an answer',
    turns: [
      `C: <message ${TO}><html xmlns='${XHTML_IM}'><body xmlns='${XHTML}'><img alt='a.png' src=' DATA:image/png;base64,AAAA'/><a href='data:application/zip,x' download='b.zip'>x</a></body></html></message>`,
      `C: <message ${TO}><data xmlns='urn:xmpp:bob' cid='c1' type='image/png'>QUJD</data></message>`,
      `C: <iq type='result' id='b1' to='bob@example.net/home'><data xmlns='urn:xmpp:bob' cid='c2' type='application/zip'>QUJDRA==</data></iq>`,
      `C: <iq type='get' id='b2' to='bob@example.net/home'><data xmlns='urn:xmpp:bob' cid='c3'/></iq>`,
    ],
    want: [
      {
        ...said('a.pngx'),
        markup:
          "<img alt='a.png' src=' DATA:image/png;base64,AAAA'/><a href='data:application/zip,x' download='b.zip'>x</a>",
      },
      {
        kind: 'file.offer',
        ...toBob,
        file: { name: 'b.zip', mime: 'application/zip', method: 'attachment', token: '1' },
      },
      {
        kind: 'file.offer',
        ...toBob,
        file: { name: 'a.png', mime: 'image/png', method: 'attachment', token: '2' },
      },
      {
        kind: 'file.offer',
        ...toBob,
        file: { size: 3, mime: 'image/png', method: 'attachment', token: 'c1' },
      },
      {
        kind: 'file.offer',
        ...toBob,
        messageId: 'b1',
        file: { size: 4, mime: 'application/zip', method: 'attachment', token: 'c2' },
      },
    ],
  },
  {
    name: 'copies that nobody but the own server may deliver are the words of who sent them',
    turns: [
      `S: <message ${FROM}><received xmlns='${CARBONS}'>${forwarded('boss@example.org/pc')}</received></message>`,
      `S: <message ${FROM}><result xmlns='urn:xmpp:mam:2'>${forwarded('boss@example.org/pc')}</result></message>`,
      `S: <message from='ann@example.org' to='ann@example.org/desk'><received xmlns='${CARBONS}'>${forwarded('carl@example.org/pc')}</received></message>`,
    ],
    want: [
      { anomaly: 'carbon-spoofed' },
      { kind: 'message', ...fromBob, text: 'transfer it', anomalies: ['carbon-spoofed'] },
      { anomaly: 'carbon-spoofed' },
      { kind: 'message', ...fromBob, text: 'transfer it', anomalies: ['carbon-spoofed'] },
      {
        kind: 'message',
        ...theirs,
        from: 'carl@example.org',
        fromResource: 'pc',
        to: ['ann@example.org'],
        ...direct,
        text: 'transfer it',
        copy: 'carbon',
      },
    ],
  },
  {
    name: 'a contact who speaks like a room stays a contact',
    turns: [
      `S: <presence ${FROM}><x xmlns='${MUC_USER}'><item role='participant'/><status code='110'/></x></presence>`,
      `S: <message ${FROM}><body>a</body><x xmlns='${MUC_USER}'/></message>`,
      `S: <message type='groupchat' ${FROM}><body>b</body></message>`,
    ],
    want: [
      { kind: 'presence', ...theirs, ...bob, state: 'available' },
      { kind: 'message', ...fromBob, text: 'a' },
      { kind: 'message', ...fromBob, text: 'b' },
    ],
  },
  {
    name: 'a room joined by a presence alone is a room',
    turns: [
      `C: <presence to='old@muc.example/me'/>`,
      `S: <presence from='old@muc.example/bob' to='ann@example.org/desk'><x xmlns='${MUC_USER}'/></presence>`,
      `S: <message type='groupchat' from='old@muc.example/bob' to='ann@example.org/desk'><body>x</body></message>`,
    ],
    want: [
      { kind: 'presence', ...mine, to: ['old@muc.example'], state: 'available' },
      {
        kind: 'room.join',
        ...theirs,
        from: 'bob',
        room: 'old@muc.example',
        route: 'room',
        copy: 'history',
      },
      {
        kind: 'message',
        ...theirs,
        from: 'bob',
        room: 'old@muc.example',
        route: 'room',
        text: 'x',
      },
    ],
  },
  {
    name: 'rooms: nicks with slashes and ats',
    turns: [
      `C: <presence to='r@muc.example/me'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
      `S: <message type='groupchat' from='r@muc.example/a/b@c' to='ann@example.org/desk'><body>x</body></message>`,
    ],
    want: [
      {
        kind: 'room.join',
        origin: 'client',
        account: 'ann@example.org',
        from: 'me',
        room: 'r@muc.example',
        route: 'room',
      },
      {
        kind: 'message',
        ...theirs,
        from: 'a/b@c',
        room: 'r@muc.example',
        route: 'room',
        text: 'x',
      },
    ],
  },
  {
    name: 'a client with another name, a stranger with the lists of the server',
    turns: [
      `C: <message from='boss@example.org/pc' ${TO}><body>pay</body></message>`,
      `C: <message from='ann@example.org/other' ${TO}><body>x</body></message>`,
      `S: <iq type='set' id='1' ${FROM}><query xmlns='jabber:iq:roster'><item jid='evil@e'/></query></iq>`,
      `S: <iq type='result' id='2' ${FROM}><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>evil@e/x</jid></bind></iq>`,
      `C: <message ${TO}><body>y</body></message>`,
    ],
    want: [
      { anomaly: 'from-mismatch' },
      { ...said('pay'), anomalies: ['from-mismatch'] },
      said('x'),
      said('y'),
    ],
  },
  {
    name: 'addresses: escapes, other scripts, capitals',
    turns: [
      `C: <message to='Joe\\40hotmail.com@MSN.example'><body>a</body></message>`,
      `C: <message to='JÖRG@BÜCHER.example'><body>b</body></message>`,
    ],
    want: [
      { ...mine, kind: 'message', to: ['joe\\40hotmail.com@msn.example'], ...direct, text: 'a' },
      { ...mine, kind: 'message', to: ['jörg@bücher.example'], ...direct, text: 'b' },
    ],
  },
  {
    name: 'somebody else signs in on the same stream',
    turns: [
      `C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGV2ZQB4</auth>`,
      `S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`,
      `C: <message ${TO}><body>x</body></message>`,
    ],
    want: [
      {
        kind: 'session.logout',
        ...theirs,
        from: 'ann@example.org',
        fromResource: 'desk',
        reason: 'signed in again',
      },
      {
        kind: 'session.login',
        origin: 'server',
        account: 'eve@example.org',
        from: 'eve@example.org',
      },
      {
        kind: 'message',
        origin: 'client',
        account: 'eve@example.org',
        from: 'eve@example.org',
        to: ['bob@example.net'],
        ...direct,
        text: 'x',
      },
    ],
  },
];
