import { describe, expect, test } from 'vitest';
import { Status } from '../contract.ts';
import { flowContext, LOGIN, OPEN, run, SIGNED_IN, single, type Turn } from './xmpp.fixture.ts';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const base64 = (text: string) => btoa(text);
const auth = (mechanism: string, initial: string) =>
  `C: <auth xmlns='${SASL}' mechanism='${mechanism}'>${base64(initial)}</auth>`;
const SUCCESS = `S: <success xmlns='${SASL}'/>`;
const heard = (...turns: Turn[]) => run([...OPEN, ...turns]).ear.heard;

describe('who signs in', () => {
  const rows: [mechanism: string, initial: string, account: string][] = [
    ['PLAIN', '\0ann\0s3cret', 'ann@example.org'],
    ['PLAIN', 'Other@Example.com\0ann\0s3cret', 'other@example.com'],
    ['SCRAM-SHA-1', 'n,,n=a=2Cnn,r=nonce', 'a,nn@example.org'],
    ['SCRAM-SHA-256-PLUS', 'p=tls-exporter,,n=ann,r=nonce', 'ann@example.org'],
    ['SCRAM-SHA-1', 'n,a=ann@example.com,n=x,r=nonce', 'ann@example.com'],
    ['OAUTHBEARER', 'n,a=ann@example.com,\x01auth=Bearer t\x01\x01', 'ann@example.com'],
    ['X-OAUTH2', '\0ann\0token', 'ann@example.org'],
    ['EXTERNAL', 'ann@example.com', 'ann@example.com'],
    ['HT-SHA-256-NONE', 'ann\0hash', 'ann@example.org'],
  ];
  test.each(rows)('%s %j is %s', (mechanism, initial, account) => {
    const [login] = heard(auth(mechanism, initial), SUCCESS);
    expect(login).toMatchObject({ kind: 'session.login', account, from: account });
    expect(JSON.stringify(heard(auth(mechanism, initial), SUCCESS))).not.toContain('s3cret');
  });

  test('DIGEST-MD5 names the user in its second message', () => {
    const response = `username="a\\"nn",realm="r",nonce="1",qop=auth`;
    const turns = [
      `C: <auth xmlns='${SASL}' mechanism='DIGEST-MD5'/>`,
      `C: <response xmlns='${SASL}'>${base64(response)}</response>`,
      SUCCESS,
    ];
    expect(heard(...turns)).toMatchObject([{ kind: 'session.login', account: 'a"nn@example.org' }]);
  });

  test('a security layer makes the rest opaque', () => {
    const turns = [
      `C: <auth xmlns='${SASL}' mechanism='DIGEST-MD5'/>`,
      `C: <response xmlns='${SASL}'>${base64('username="ann",qop=auth-conf')}</response>`,
      SUCCESS,
    ];
    const { ear, status } = run([...OPEN, ...turns]);
    expect(ear.heard.at(-1)).toEqual({ handOver: 'sasl', reason: 'sasl-security-layer' });
    expect(status).toBe(Status.HandOver);
  });

  test('without an identity in SASL the bound JID says it', () => {
    const turns = [auth('ANONYMOUS', ''), SUCCESS, ...LOGIN.slice(-2)];
    expect(heard(...turns)).toMatchObject([
      { kind: 'session.login', account: 'ann@example.org', fromResource: 'desk' },
    ]);
  });

  test('SASL2 with Bind 2 names the full JID and needs no new stream', () => {
    const NS = 'urn:xmpp:sasl:2';
    const turns = [
      `C: <authenticate xmlns='${NS}' mechanism='PLAIN'><initial-response>${base64('\0ann\0s3cret')}</initial-response></authenticate>`,
      `S: <success xmlns='${NS}'><authorization-identifier>ann@example.org/x1</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>`,
      "C: <message to='bob@example.net'><body>hi</body></message>",
    ];
    expect(heard(...turns)).toMatchObject([
      { kind: 'session.login', account: 'ann@example.org', fromResource: 'x1' },
      { kind: 'message', from: 'ann@example.org', fromResource: 'x1' },
    ]);
  });

  test('a bound JID from another person is none', () => {
    const turns = [
      "S: <iq type='result' id='z' from='eve@example.com/x' to='ann@example.org/desk'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>eve@example.com/x</jid></bind></iq>",
      "C: <message to='bob@example.net'><body>hi</body></message>",
    ];
    expect(run([...LOGIN, ...turns]).ear.heard.at(-1)).toMatchObject({ from: 'ann@example.org' });
  });
});

test('a refusal says why, and for whom', () => {
  const failure = `S: <failure xmlns='${SASL}'><not-authorized/><text>no</text></failure>`;
  expect(heard(auth('PLAIN', '\0ann\0bad'), failure)).toEqual([
    {
      kind: 'session.failed',
      origin: 'server',
      account: 'ann@example.org',
      from: 'ann@example.org',
      reason: 'not-authorized',
    },
  ]);
});

test('jabber:iq:auth, refused and granted', () => {
  const query = (secret: string) =>
    `<query xmlns='jabber:iq:auth'><username>ann</username>${secret}<resource>old</resource></query>`;
  const turns = [
    `C: <iq type='set' id='1'>${query('<password>x</password>')}</iq>`,
    "S: <iq type='error' id='1'><error code='401' type='auth'/></iq>",
    `C: <iq type='set' id='2'>${query('<digest>00</digest>')}</iq>`,
    "S: <iq type='result' id='2'/>",
  ];
  expect(heard(...turns)).toMatchObject([
    { kind: 'session.failed', from: 'ann@example.org', reason: '401' },
    { kind: 'session.login', account: 'ann@example.org', fromResource: 'old' },
  ]);
});

test('signing out once, by whichever side is first, or by an error', () => {
  const close = ['C: </stream:stream>', 'S: </stream:stream>'];
  const { ear, status } = run([...LOGIN, ...close]);
  expect(ear.heard).toMatchObject([SIGNED_IN, { kind: 'session.logout', origin: 'client' }]);
  expect(status).toBe(Status.Done);
  const error =
    "S: <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";
  expect(run([...LOGIN, error]).ear.heard).toMatchObject([
    SIGNED_IN,
    { kind: 'session.logout', origin: 'server', reason: 'conflict' },
  ]);
  const early = error.replaceAll('conflict', 'host-unknown');
  expect(heard(early)).toMatchObject([{ kind: 'session.failed', reason: 'host-unknown' }]);
});

describe('resumption (XEP-0198)', () => {
  const SM = "xmlns='urn:xmpp:sm:3'";
  const resume = [
    `C: <resume ${SM} previd='id1' h='1'/>`,
    `S: <resumed ${SM} previd='id1' h='1'/>`,
  ];
  const talk = "C: <message to='bob@example.net'><body>hi</body></message>";

  test('the resource is that of the earlier stream', () => {
    const context = flowContext();
    run([...LOGIN, `S: <enabled ${SM} id='id1' resume='true'/>`], undefined, context);
    const { ear } = run([...LOGIN.slice(0, -2), ...resume, talk], single, context);
    expect(ear.heard).toMatchObject([
      SIGNED_IN,
      { kind: 'message', from: 'ann@example.org', fromResource: 'desk' },
    ]);
  });

  test('a stream of another account is not taken over', () => {
    const context = flowContext();
    context.memory.set('xmpp resume example.org id1', 'bob@example.org/x');
    const { ear } = run([...LOGIN.slice(0, -2), ...resume, talk], undefined, context);
    expect(ear.heard).toMatchObject([
      SIGNED_IN,
      { anomaly: 'resumed-other-account' },
      { kind: 'message', from: 'ann@example.org' },
    ]);
  });
});

test('StartTLS ends the reading, whatever follows in the same segment', () => {
  const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
  const turns = [
    ...OPEN,
    `C: <starttls xmlns='${TLS}'/>`,
    `S: <proceed xmlns='${TLS}'/>\x16\x03\x01`,
  ];
  for (const pieces of [undefined, single]) {
    const { ear, status } = run(turns, pieces);
    expect(ear.heard).toEqual([{ handOver: 'tls', reason: 'starttls' }]);
    expect(status).toBe(Status.HandOver);
  }
});

test('Google Talk is known by its domain', () => {
  const turns = LOGIN.map((t) => t.replaceAll('example.org', 'gmail.com'));
  expect(run(turns).ear.heard).toMatchObject([
    { service: 'google-talk', account: 'ann@gmail.com' },
  ]);
});

test('component and server streams name both parties, and nobody is signed in', () => {
  const open = (side: string, ns: string) =>
    `${side}: <stream:stream xmlns='${ns}' xmlns:stream='http://etherx.jabber.org/streams' to='gw.example.org'>`;
  for (const ns of ['jabber:component:accept', 'jabber:server']) {
    const turns = [
      open('C', ns),
      open('S', ns),
      'C: <handshake>ab</handshake>',
      "C: <message from='ann@gw.example.org/x' to='bob@example.org'><body>hi</body></message>",
      "S: <message from='bob@example.org/home' to='ann@gw.example.org'><body>yo</body></message>",
    ];
    expect(run(turns).ear.heard).toEqual([
      {
        kind: 'message',
        origin: 'client',
        from: 'ann@gw.example.org',
        fromResource: 'x',
        to: ['bob@example.org'],
        text: 'hi',
        route: 'direct',
      },
      {
        kind: 'message',
        origin: 'server',
        from: 'bob@example.org',
        fromResource: 'home',
        to: ['ann@gw.example.org'],
        text: 'yo',
        route: 'direct',
      },
    ]);
  }
});
