/** Golden tests: presence, contacts, rooms. Wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { ANN, ANN_TO_BOB, answer, BOB, BOB_TO_ANN, request } from './sip.fixture.ts';

const PIDF = 'application/pidf+xml';
const pidf = (who: string, inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${who}">${inside}</presence>`;
const tuple = (basic: string, rest = '') =>
  `<tuple id="t"><status><basic>${basic}</basic></status>${rest}</tuple>`;
const subscribe = (event: string, headers: Readonly<Record<string, string>> = {}) =>
  request(`SUBSCRIBE sip:${BOB}`, { Event: event, Expires: '3600', ...headers });
const notify = (event: string, type: string, body: string, state = 'active') =>
  request(
    'NOTIFY sip:ann@10.0.0.1',
    {
      From: `<sip:${BOB}>;tag=b`,
      To: `<sip:${ANN}>;tag=a`,
      Event: event,
      'Subscription-State': state,
      'Content-Type': type,
    },
    body,
  );

export const PRESENCE: readonly Row[] = [
  {
    name: 'the own presence: published, with an activity, taken back',
    turns: [
      client(
        request(
          `PUBLISH sip:${ANN}`,
          { To: `<sip:${ANN}>`, Event: 'presence', 'Content-Type': PIDF },
          pidf(`pres:${ANN}`, tuple('open', '<note>Online</note>')),
        ),
        request(
          `PUBLISH sip:${ANN}`,
          { To: `<sip:${ANN}>`, Event: 'presence', 'Content-Type': PIDF, CSeq: '2 PUBLISH' },
          pidf(
            `sip:${ANN}`,
            `${tuple('open')}<dm:person xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" id="p">` +
              '<r:activities xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"><r:meeting/></r:activities></dm:person>',
          ),
        ),
        request(`PUBLISH sip:${ANN}`, { To: `<sip:${ANN}>`, Event: 'presence', Expires: '0' }),
      ),
    ],
    want: [
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        state: 'available',
        status: 'Online',
        route: 'service',
      },
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        state: 'meeting',
        route: 'service',
      },
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        state: 'offline',
        route: 'service',
      },
    ],
  },
  {
    name: 'asked for, once more, refused',
    turns: [
      client(subscribe('presence')),
      server(answer('401 Unauthorized', 'SUBSCRIBE')),
      client(subscribe('presence', { CSeq: '2 SUBSCRIBE' })),
      server(answer('403 Forbidden', 'SUBSCRIBE', { CSeq: '2 SUBSCRIBE' })),
      client(
        subscribe('message-summary'),
        subscribe('presence', { To: `<sip:${ANN}>` }),
        subscribe('presence', { Expires: '0' }),
        subscribe('presence', { To: `<sip:${BOB}>;tag=b` }),
      ),
    ],
    want: [
      { kind: 'contact.request', ...ANN_TO_BOB, contact: 'bob@e.example' },
      { kind: 'contact.request', ...ANN_TO_BOB, contact: 'bob@e.example', copy: 'echo' },
      { kind: 'contact.deny', ...BOB_TO_ANN, contact: 'bob@e.example', reason: '403 Forbidden' },
      { anomaly: 'sip-recipient-differs' },
    ],
  },
  {
    name: 'somebody asks to see the account',
    turns: [
      server(
        request('SUBSCRIBE sip:ann@10.0.0.1', {
          From: `"Bob B" <sip:${BOB}>;tag=b`,
          To: `<sip:${ANN}>`,
          Event: 'presence;id=1',
        }),
      ),
    ],
    want: [{ kind: 'contact.request', ...BOB_TO_ANN, contact: 'bob@e.example', name: 'Bob B' }],
  },
  {
    name: 'a contact is there, is not, and does not want to be seen',
    turns: [
      server(
        notify('presence', PIDF, pidf(`sip:${BOB}`, tuple('open'))),
        notify('presence', PIDF, pidf(`sip:${BOB}`, tuple('closed'))),
        notify('presence', '', '', 'terminated;reason=rejected'),
      ),
    ],
    want: [
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'bob@e.example',
        state: 'available',
        route: 'service',
      },
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'bob@e.example',
        state: 'offline',
        route: 'service',
      },
      { kind: 'contact.deny', ...BOB_TO_ANN, contact: 'bob@e.example', reason: 'rejected' },
    ],
  },
  {
    name: 'a list of contacts: rlmi with the members beside it',
    turns: [
      server(
        notify(
          'presence',
          'multipart/related;type="application/rlmi+xml";boundary=r',
          '--r\r\nContent-Type: application/rlmi+xml;charset="UTF-8"\r\n\r\n<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:l@e"/>\r\n' +
            `--r\r\nContent-Type: ${PIDF}\r\n\r\n${pidf('sip:carl@e.example', tuple('open'))}\r\n` +
            `--r\r\nContent-Type: ${PIDF}\r\n\r\n${pidf('sip:dora@e.example', tuple('closed', '<note>out</note>'))}\r\n--r--`,
        ),
      ),
    ],
    want: [
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        state: 'available',
        route: 'service',
      },
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'dora@e.example',
        state: 'offline',
        status: 'out',
        route: 'service',
      },
    ],
  },
  {
    name: 'watchers: one asks, one was let, one was not',
    turns: [
      server(
        notify(
          'presence.winfo',
          'application/watcherinfo+xml',
          '<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full"><watcher-list resource="sip:ann@e.example" package="presence">' +
            '<watcher id="1" status="pending" event="subscribe" display-name="Carl">sip:carl@e.example</watcher>' +
            '<watcher id="2" status="active" event="approved">sip:dora@e.example</watcher>' +
            '<watcher id="3" status="terminated" event="rejected">sip:eve@e.example</watcher>' +
            '<watcher id="4" status="active" event="subscribe">sip:fred@e.example</watcher></watcher-list></watcherinfo>',
        ),
      ),
    ],
    want: [
      {
        kind: 'contact.request',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        to: ['ann@e.example'],
        contact: 'carl@e.example',
        route: 'direct',
        name: 'Carl',
      },
      {
        kind: 'contact.approve',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['dora@e.example'],
        contact: 'dora@e.example',
        route: 'direct',
      },
      {
        kind: 'contact.deny',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['eve@e.example'],
        contact: 'eve@e.example',
        route: 'direct',
      },
    ],
  },
  {
    name: 'Windows Messenger presence',
    turns: [
      server(
        notify(
          'presence',
          'application/xpidf+xml',
          '<presence><presentity uri="sip:bob@e.example;method=SUBSCRIBE"/><atom id="1"><address uri="sip:bob@10.0.0.2"><status status="inuse"/><msnsubstatus substatus="onthephone"/></address></atom></presence>',
        ),
      ),
    ],
    want: [
      {
        kind: 'presence',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'bob@e.example',
        state: 'onthephone',
        route: 'service',
      },
    ],
  },
  {
    name: 'Office Communicator: the list, a contact added, one removed',
    turns: [
      server(
        notify(
          'vnd-microsoft-roaming-contacts',
          'application/vnd-microsoft-roaming-contacts+xml',
          '<contactList deltaNum="2"><group id="1" name="~"/><group id="2" name="Work"/><contact uri="bob@e.example" name="" groups="1 2" subscribed="true"/><contact uri="carl@e.example" name="Carl" groups="1"/></contactList>',
        ),
      ),
      client(
        request(
          `SERVICE sip:${ANN}`,
          { To: `<sip:${ANN}>`, 'Content-Type': 'application/SOAP+xml' },
          '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><m:setContact xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><m:displayName>Dora</m:displayName><m:groups>1 </m:groups><m:URI>sip:dora@e.example</m:URI></m:setContact></SOAP-ENV:Body></SOAP-ENV:Envelope>',
        ),
        request(
          `SERVICE sip:${ANN}`,
          { To: `<sip:${ANN}>`, CSeq: '2 SERVICE', 'Content-Type': 'application/SOAP+xml' },
          '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><m:deleteContact xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><m:URI>sip:carl@e.example</m:URI></m:deleteContact></e:Body></e:Envelope>',
        ),
      ),
    ],
    want: [
      {
        kind: 'contact.list',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        contact: 'bob@e.example',
        list: 'roster',
        route: 'service',
        groups: ['Work'],
      },
      {
        kind: 'contact.list',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        contact: 'carl@e.example',
        list: 'roster',
        route: 'service',
        name: 'Carl',
      },
      {
        kind: 'contact.add',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        contact: 'dora@e.example',
        list: 'roster',
        route: 'service',
        name: 'Dora',
      },
      {
        kind: 'contact.remove',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        contact: 'carl@e.example',
        list: 'roster',
        route: 'service',
      },
    ],
  },
  {
    name: 'who is in a conference, each coming and going once',
    turns: [
      server(
        notify(
          'conference',
          'application/conference-info+xml',
          '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:room@e.example" state="full" version="0"><users><user entity="sip:bob@e.example" state="full"><display-text>Bob</display-text><endpoint><status>connected</status></endpoint></user></users></conference-info>',
        ),
        notify(
          'conference',
          'application/conference-info+xml',
          '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:room@e.example" state="partial" version="1"><users><user entity="sip:bob@e.example"/><user entity="sip:carl@e.example"/></users></conference-info>',
        ),
        notify(
          'conference',
          'application/conference-info+xml',
          '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:room@e.example" state="partial" version="2"><users><user entity="sip:bob@e.example" state="deleted"/></users></conference-info>',
        ),
      ),
    ],
    want: [
      {
        kind: 'room.join',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'bob@e.example',
        room: 'room@e.example',
        route: 'room',
        name: 'Bob',
      },
      {
        kind: 'room.join',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        room: 'room@e.example',
        route: 'room',
      },
      {
        kind: 'room.leave',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'bob@e.example',
        room: 'room@e.example',
        route: 'room',
      },
    ],
  },
];
