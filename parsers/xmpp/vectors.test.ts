/** Streams whose meaning was worked out by hand. */
import { expect, test } from 'vitest';
import { flowContext, run, single } from './xmpp.fixture.ts';

const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
const SI = 'http://jabber.org/protocol/si';
const FILE = `${SI}/profile/file-transfer`;
const METHOD = (name: string) =>
  `<option><value>http://jabber.org/protocol/${name}</value></option>`;

test.each([[undefined], [single]])(
  'a message in CDATA and an offer before any sign-in',
  (pieces) => {
    const { ear } = run(
      [
        `C: <?xml version='1.0'?><stream:stream to='example.org' ${NS} version='1.0'><message to='bob@example.net' id='m1' type='chat'><body>a &lt; b &#38; <![CDATA[<c>]]></body></message><iq type='set' id='o1' to='bob@example.net/b'><si xmlns='${SI}' id='s5b_77' mime-type='application/pdf' profile='${FILE}'><file xmlns='${FILE}' name='plan.pdf' size='52341'/><feature xmlns='http://jabber.org/protocol/feature-neg'><x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>${METHOD('bytestreams')}${METHOD('ibb')}</field></x></feature></si></iq>`,
      ],
      pieces,
      flowContext(),
    );
    expect(ear.heard).toEqual([
      {
        kind: 'message',
        origin: 'client',
        to: ['bob@example.net'],
        route: 'direct',
        messageId: 'm1',
        text: 'a < b & <c>',
      },
      {
        kind: 'file.offer',
        origin: 'client',
        to: ['bob@example.net'],
        route: 'direct',
        messageId: 'o1',
        file: {
          name: 'plan.pdf',
          size: 52341,
          mime: 'application/pdf',
          method: 'socks5',
          token: 's5b_77',
        },
      },
    ]);
  },
);

test('PLAIN: NUL alice NUL password, at the domain of the stream', () => {
  const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
  const { ear } = run([
    `C: <stream:stream to='example.org' ${NS} version='1.0'>`,
    `C: <auth ${sasl} mechanism='PLAIN'>AGFsaWNlAHMzY3JldA==</auth>`,
    `S: <stream:stream from='example.org' ${NS} version='1.0'><success ${sasl}/>`,
  ]);
  expect(ear.heard).toEqual([
    {
      kind: 'session.login',
      origin: 'server',
      account: 'alice@example.org',
      from: 'alice@example.org',
    },
  ]);
});

test('odd prefixes, double quotes, a line end after the root, numeric references', () => {
  const { ear } = run([
    'C: <x:stream xmlns:x="http://etherx.jabber.org/streams" xmlns="jabber:client" to="example.org" version="1.0">\n<c:message xmlns:c="jabber:client" to="bob@example.net"><c:body>&#x68;&#105;</c:body></c:message>',
  ]);
  expect(ear.heard).toEqual([
    { kind: 'message', origin: 'client', to: ['bob@example.net'], route: 'direct', text: 'hi' },
  ]);
});
