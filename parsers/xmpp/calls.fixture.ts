/** Test support: calls, and Google Talk's own negotiation, and what must be heard of them. */
import { bob, direct, mine, type Row, theirs } from './xmpp.fixture.ts';

const BOB = 'bob@example.net/home';
const toBob = { to: ['bob@example.net'], ...direct };
const fromBob = { ...theirs, ...bob, ...direct };
const jingle = (action: string, content: string, sid: string) =>
  `<jingle xmlns='urn:xmpp:jingle:1' action='${action}' sid='${sid}'>${content}</jingle>`;
const fromBobIq = (id: string, type: string, payload: string) =>
  `S: <iq type='${type}' id='${id}' from='${BOB}' to='ann@example.org/desk'>${payload}</iq>`;
const toBobIq = (id: string, type: string, payload: string) =>
  `C: <iq type='${type}' id='${id}' to='${BOB}'>${payload}</iq>`;

export const CALLS: readonly Row[] = [
  {
    name: 'a call announced in a message and negotiated is one call',
    turns: [
      `S: <message from='${BOB}' to='ann@example.org'><propose xmlns='urn:xmpp:jingle-message:0' id='c1'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/></propose></message>`,
      `C: <message to='${BOB}'><proceed xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>`,
      fromBobIq(
        '1',
        'set',
        jingle(
          'session-initiate',
          "<content name='v'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></content>",
          'c1',
        ),
      ),
      toBobIq('2', 'set', jingle('session-accept', "<content name='v'/>", 'c1')),
      toBobIq('3', 'set', jingle('session-terminate', '<reason><success/></reason>', 'c1')),
    ],
    want: [
      { kind: 'call.offer', ...fromBob, call: { media: 'video', token: 'c1' } },
      { kind: 'call.accept', ...mine, ...toBob, call: { token: 'c1' } },
      {
        kind: 'call.end',
        ...mine,
        ...toBob,
        messageId: '3',
        reason: 'success',
        call: { media: 'audio', token: 'c1' },
      },
    ],
  },
  {
    name: 'Google Talk: a call declined, a file taken',
    turns: [
      fromBobIq(
        '1',
        'set',
        "<session xmlns='http://www.google.com/session' type='initiate' id='g1' initiator='b'><description xmlns='http://www.google.com/session/phone'/></session>",
      ),
      toBobIq(
        '2',
        'set',
        "<session xmlns='http://www.google.com/session' type='reject' id='g1' initiator='b'/>",
      ),
      fromBobIq(
        '3',
        'set',
        "<session xmlns='http://www.google.com/session' type='initiate' id='g2' initiator='b'><description xmlns='http://www.google.com/session/share'><manifest><file size='52341'><name>plan.pdf</name></file></manifest></description></session>",
      ),
      toBobIq(
        '4',
        'set',
        "<session xmlns='http://www.google.com/session' type='accept' id='g2' initiator='b'/>",
      ),
    ],
    want: [
      {
        kind: 'call.offer',
        ...fromBob,
        service: 'google-talk',
        messageId: '1',
        call: { media: 'audio', token: 'g1' },
      },
      {
        kind: 'call.decline',
        ...mine,
        ...toBob,
        service: 'google-talk',
        messageId: '2',
        reason: 'reject',
        call: { media: 'audio', token: 'g1' },
      },
      {
        kind: 'file.offer',
        ...fromBob,
        service: 'google-talk',
        messageId: '3',
        file: { name: 'plan.pdf', size: 52341, method: 'p2p', token: 'g2' },
      },
      {
        kind: 'file.accept',
        ...mine,
        ...toBob,
        service: 'google-talk',
        messageId: '4',
        file: { name: 'plan.pdf', size: 52341, method: 'p2p', token: 'g2' },
      },
    ],
  },
];
