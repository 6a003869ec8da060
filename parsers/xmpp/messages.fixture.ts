/** Test support: messages of every sort, and what must be heard of them. */
import { bob, direct, mine, type Row, theirs } from './xmpp.fixture.ts';

const fromBob = "from='bob@example.net/home' to='ann@example.org/desk'";
const said = { kind: 'message', ...theirs, ...bob, ...direct };
const wrote = { kind: 'message', ...mine, to: ['bob@example.net'], ...direct };
const row = (name: string, turn: string, ...want: Row['want']): Row => ({
  name,
  turns: [turn],
  want,
});

export const MESSAGES: readonly Row[] = [
  row(
    'CDATA, entities, either quote, newlines in tags',
    "C: <message\n to=\"bob@example.net\"\tid='m1' type='chat' ><body>a &lt; b &#38; <![CDATA[<c>]]></body ></message >",
    { ...wrote, messageId: 'm1', text: 'a < b & <c>' },
  ),
  row(
    'another prefix, numeric references',
    "C: <c:message xmlns:c='jabber:client' to='Bob@Example.NET'><c:body>&#x68;&#105;</c:body></c:message>",
    { ...wrote, text: 'hi' },
  ),
  row(
    'a body of another namespace is none',
    `S: <message ${fromBob}><body xmlns='urn:xmpp:reply:0'>no</body><body>yes</body></message>`,
    { ...said, text: 'yes' },
  ),
  row(
    'the body without language is the text, the others are beside it',
    `S: <message ${fromBob}><body xml:lang='de'>ja</body><body>yes</body></message>`,
    { anomaly: 'alternative-bodies' },
    { ...said, text: 'yes', markup: 'ja', anomalies: ['alternative-bodies'] },
  ),
  row(
    'XHTML before the body, and saying the same',
    `S: <message ${fromBob}><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>a <b>b</b> c</p></body></html><body>a b c</body></message>`,
    { ...said, text: 'a b c', markup: '<p>a <b>b</b> c</p>' },
  ),
  row(
    'XHTML alone is the text',
    `S: <message ${fromBob}><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>x<br/>y</body></html></message>`,
    { ...said, text: 'x\ny', markup: 'x<br/>y' },
  ),
  row(
    'XHTML that says something else',
    `S: <message ${fromBob}><body>hello</body><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>secret</body></html></message>`,
    { anomaly: 'alternative-bodies' },
    { ...said, text: 'hello', markup: 'secret', anomalies: ['alternative-bodies'] },
  ),
  row(
    'subject, thread, headline, action',
    `S: <message type='headline' ${fromBob}><subject>s</subject><body>/me waves</body><thread>t</thread></message>`,
    { ...said, text: '/me waves', subject: 's', thread: 't', form: 'headline' },
  ),
  row('a subject alone is a message', `S: <message ${fromBob}><subject>s</subject></message>`, {
    ...said,
    subject: 's',
  }),
  row('an empty body is none', `S: <message ${fromBob}><body/></message>`),
  row(
    'an error sends back the words and is no message',
    `S: <message type='error' ${fromBob}><body>hi</body><error type='cancel'/></message>`,
  ),
  row(
    'typing',
    `S: <message type='chat' ${fromBob}><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    { ...said, kind: 'typing', state: 'composing' },
  ),
  row(
    'receipt and marker',
    `S: <message ${fromBob} id='r'><received xmlns='urn:xmpp:receipts' id='m1'/><displayed xmlns='urn:xmpp:chat-markers:0' id='m0'/></message>`,
    { ...said, kind: 'message.receipt', messageId: 'r', state: 'received', refersTo: 'm1' },
    { ...said, kind: 'message.receipt', messageId: 'r', state: 'displayed', refersTo: 'm0' },
  ),
  row(
    'correction, retraction in both forms, reaction, reply',
    `S: <message ${fromBob}><body>new</body><replace id='m1' xmlns='urn:xmpp:message-correct:0'/></message>` +
      `<message ${fromBob}><retract id='m2' xmlns='urn:xmpp:message-retract:1'/></message>` +
      `<message ${fromBob}><apply-to id='m3' xmlns='urn:xmpp:fasten:0'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to></message>` +
      `<message ${fromBob}><reactions id='m4' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction></reactions></message>` +
      `<message ${fromBob}><body>re</body><reply id='m5' xmlns='urn:xmpp:reply:0'/></message>`,
    { ...said, kind: 'message.edit', text: 'new', refersTo: 'm1' },
    { ...said, kind: 'message.delete', refersTo: 'm2' },
    { ...said, kind: 'message.delete', refersTo: 'm3' },
    { ...said, state: 'reaction', text: '👍', refersTo: 'm4' },
    { ...said, text: 're', refersTo: 'm5' },
  ),
  row(
    'end-to-end encrypted',
    `S: <message ${fromBob}><encrypted xmlns='eu.siacs.conversations.axolotl'><payload>AA==</payload></encrypted></message>` +
      `<message ${fromBob}><body>?OTR:AAMD.</body></message>` +
      `<message ${fromBob}><encrypted xmlns='eu.siacs.conversations.axolotl'><header/></encrypted></message>`,
    { ...said, visibility: 'metadata', encrypted: 'omemo' },
    { ...said, visibility: 'metadata', encrypted: 'otr', text: '?OTR:AAMD.' },
  ),
  row(
    'delayed',
    `S: <message ${fromBob}><body>late</body><x xmlns='jabber:x:delay' stamp='20260102T03:04:05'/></message>`,
    { ...said, text: 'late', sentAt: '2026-01-02T03:04:05Z' },
  ),
  row(
    'carbons and the archive are copies',
    "S: <message from='ann@example.org' to='ann@example.org/desk'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='ann@example.org/phone' to='bob@example.net'><body>c</body></message></forwarded></sent></message>" +
      "<message to='ann@example.org/desk'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/><message xmlns='jabber:client' from='bob@example.net/home' to='ann@example.org'><body>old</body></message></forwarded></result></message>",
    {
      kind: 'message',
      ...theirs,
      from: 'ann@example.org',
      fromResource: 'phone',
      to: ['bob@example.net'],
      ...direct,
      text: 'c',
      copy: 'carbon',
    },
    { ...said, text: 'old', copy: 'archive', sentAt: '2026-01-02T03:04:05Z' },
  ),
  row(
    'a forged carbon is under the name of its forger',
    "S: <message from='eve@example.com/x' to='ann@example.org/desk'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@example.net/home' to='ann@example.org'><body>pay eve</body></message></forwarded></received></message>",
    { anomaly: 'carbon-spoofed' },
    {
      kind: 'message',
      ...theirs,
      from: 'eve@example.com',
      fromResource: 'x',
      to: ['ann@example.org'],
      ...direct,
      text: 'pay eve',
      anomalies: ['carbon-spoofed'],
    },
  ),
  row(
    'words a person forwards',
    `S: <message ${fromBob}><body>see</body><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' id='o' from='carol@example.org'><body>inner</body></message></forwarded></message>`,
    { ...said, text: 'see' },
    { ...said, text: 'inner', messageId: 'o' },
  ),
  row(
    'a sender that is not the account',
    "C: <message from='bob@example.net' to='bob@example.net'><body>x</body></message>",
    { anomaly: 'from-mismatch' },
    { ...wrote, text: 'x', anomalies: ['from-mismatch'] },
  ),
  row(
    'what no decoder knows is said, what says nothing is not',
    `S: <message ${fromBob}><thing xmlns='urn:example:new'/></message>` +
      `<message ${fromBob}><event xmlns='http://jabber.org/protocol/pubsub#event'/></message>`,
    {
      kind: 'app.unknown',
      ...theirs,
      ...bob,
      reason: 'urn:example:new',
    },
  ),
  row(
    'links out of band and shared files',
    `S: <message ${fromBob}><body>https://f.example/a%20b.pdf</body><x xmlns='jabber:x:oob'><url>https://f.example/a%20b.pdf</url></x></message>` +
      `<message ${fromBob}><file-sharing xmlns='urn:xmpp:sfs:0' id='f1'><file xmlns='urn:xmpp:file:metadata:0'><name>s.jpg</name><size>7</size><media-type>image/jpeg</media-type></file><sources><url-data xmlns='http://jabber.org/protocol/url-data' target='https://f.example/x'/></sources></file-sharing></message>` +
      `<message ${fromBob}><reference xmlns='urn:xmpp:reference:0' type='data'><media-sharing xmlns='urn:xmpp:sims:1'><file xmlns='urn:xmpp:jingle:apps:file-transfer:5'><name>m.ogg</name></file><sources><reference xmlns='urn:xmpp:reference:0' type='data' uri='https://f.example/m'/></sources></media-sharing></reference></message>` +
      `<message ${fromBob}><body>b</body><data xmlns='urn:xmpp:bob' cid='sha1+1@bob.xmpp.org' type='image/png'>AAEC</data></message>`,
    { ...said, text: 'https://f.example/a%20b.pdf' },
    {
      ...said,
      kind: 'file.offer',
      file: { name: 'a b.pdf', method: 'oob', url: 'https://f.example/a%20b.pdf' },
    },
    {
      ...said,
      kind: 'file.offer',
      file: {
        name: 's.jpg',
        size: 7,
        mime: 'image/jpeg',
        sha256: undefined,
        method: 'attachment',
        token: 'f1',
        url: 'https://f.example/x',
      },
    },
    {
      ...said,
      kind: 'file.offer',
      file: {
        name: 'm.ogg',
        size: undefined,
        mime: undefined,
        sha256: undefined,
        method: 'attachment',
        token: undefined,
        url: 'https://f.example/m',
      },
    },
    { ...said, text: 'b' },
    {
      ...said,
      kind: 'file.offer',
      file: {
        size: 3,
        mime: 'image/png',
        method: 'attachment',
        token: 'sha1+1@bob.xmpp.org',
      },
    },
  ),
];
