/** XMPP without a server (XEP-0174): the rows follow the XEP and its clients; test/captures has a real one. */
import { describe, expect, test } from 'vitest';
import { Direction } from '../contract.ts';
import { blank } from './neutral.ts';
import {
  flowContext,
  type Heard,
  LOGIN,
  run,
  SIGNED_IN,
  single,
  twoParts,
  utf8,
} from './xmpp.fixture.ts';

const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
const OPEN = [
  `C: <?xml version='1.0' encoding='UTF-8'?><stream:stream ${NS} from='Ann@mill' to='bob@moor' version='1.0'>`,
  `S: <?xml version='1.0' encoding='UTF-8'?><stream:stream ${NS} from='bob@moor' to='ann@mill' version='1.0'>`,
];
/** iChat's: nobody is named. */
const BARE = [`C: <stream:stream ${NS}>`, `S: <stream:stream ${NS}>`];

const service = { service: 'bonjour' };
const mine = {
  ...service,
  origin: 'client',
  account: 'ann@mill',
  from: 'ann@mill',
  to: ['bob@moor'],
  route: 'direct',
};
const theirs = {
  ...service,
  origin: 'server',
  account: 'ann@mill',
  from: 'bob@moor',
  to: ['ann@mill'],
  route: 'direct',
};

interface Row {
  readonly name: string;
  readonly turns: readonly string[];
  readonly want: readonly Heard[];
  readonly port?: number;
}

const ROWS: readonly Row[] = [
  {
    name: 'stanzas at once, with and without addresses, typing',
    turns: [
      ...OPEN,
      "C: <message from='ann@mill' to='bob@moor' type='chat'><body>psst</body></message>",
      'S: <message><body>what?</body></message>',
      "S: <message type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
      "C: <message to='bob@moor'><x xmlns='jabber:x:event'><composing/></x></message>",
      'C: </stream:stream>',
      'S: </stream:stream>',
    ],
    want: [
      { kind: 'message', ...mine, text: 'psst' },
      { kind: 'message', ...theirs, text: 'what?' },
      { kind: 'typing', ...theirs, state: 'composing' },
      { kind: 'typing', ...mine, state: 'composing' },
    ],
  },
  {
    name: 'XHTML in its own namespace, as Pidgin and iChat write it',
    turns: [
      ...OPEN,
      "C: <message to='bob@moor'><body>hi</body><html xmlns='http://www.w3.org/1999/xhtml'><body>sell the <b>falcon</b></body></html></message>",
    ],
    want: [
      { anomaly: 'alternative-bodies' },
      {
        kind: 'message',
        ...mine,
        text: 'hi',
        markup: 'sell the <b>falcon</b>',
        anomalies: ['alternative-bodies'],
      },
    ],
  },
  {
    name: 'files by their address',
    turns: [
      ...OPEN,
      "C: <iq type='set' id='o1' to='bob@moor'><query xmlns='jabber:iq:oob'><url>http://10.0.0.1:5297/x/my%20plan.pdf</url><desc>the plan</desc></query></iq>",
      "S: <iq type='error' id='o1'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
      "S: <message><body>look</body><x xmlns='jabber:x:oob'><url type='file' size='512' mimeType='image/png'>http://10.0.0.2:5297/y/moor.png</url></x></message>",
    ],
    want: [
      {
        kind: 'file.offer',
        ...mine,
        messageId: 'o1',
        text: 'the plan',
        file: {
          name: 'my plan.pdf',
          method: 'oob',
          token: 'o1',
          url: 'http://10.0.0.1:5297/x/my%20plan.pdf',
        },
      },
      {
        kind: 'file.decline',
        ...theirs,
        messageId: 'o1',
        reason: 'not-acceptable',
        file: {
          name: 'my plan.pdf',
          method: 'oob',
          token: 'o1',
          url: 'http://10.0.0.1:5297/x/my%20plan.pdf',
        },
      },
      { kind: 'message', ...theirs, text: 'look' },
      {
        kind: 'file.offer',
        ...theirs,
        file: {
          name: 'moor.png',
          size: 512,
          mime: 'image/png',
          method: 'oob',
          url: 'http://10.0.0.2:5297/y/moor.png',
        },
      },
    ],
  },
  {
    name: 'roots that name nobody: the first message does',
    turns: [
      ...BARE,
      "C: <message from='ann@mill' to='bob@moor'><body>psst</body></message>",
      'S: <message><body>what?</body></message>',
    ],
    want: [
      { kind: 'message', ...mine, text: 'psst' },
      { kind: 'message', ...theirs, text: 'what?' },
    ],
  },
  {
    name: 'nobody is named anywhere: the port tells, and no more is known',
    port: 5298,
    turns: [...BARE, 'C: <message><body>psst</body></message>'],
    want: [{ kind: 'message', ...service, origin: 'client', text: 'psst', route: 'direct' }],
  },
  {
    name: 'evasion: another sender than the one who connected',
    turns: [
      ...OPEN,
      "C: <message from='eve@dell' to='bob@moor'><body>one</body></message>",
      "S: <message from='eve@dell'><body>two</body></message>",
    ],
    want: [
      { anomaly: 'from-mismatch' },
      { kind: 'message', ...mine, text: 'one', anomalies: ['from-mismatch'] },
      { anomaly: 'from-mismatch' },
      { kind: 'message', ...theirs, text: 'two', anomalies: ['from-mismatch'] },
    ],
  },
];

function heard(
  { turns, port }: Row,
  pieces?: (octets: Uint8Array) => Uint8Array[],
): readonly Heard[] {
  const context = flowContext(port === undefined ? {} : { serverPort: port });
  return run(turns, pieces, context).ear.heard.map((said) =>
    Object.fromEntries(
      Object.entries(said).map(([name, value]) => [
        name,
        name === 'file' ? JSON.parse(JSON.stringify(value)) : value,
      ]),
    ),
  );
}

describe.each(ROWS.map((row) => [row.name, row] as const))('%s', (_, row) => {
  test('whole', () => expect(heard(row)).toEqual(row.want));
  test('octet by octet', () => expect(heard(row, single)).toEqual(row.want));
  test('cut in two everywhere', () => {
    const longest = Math.max(...row.turns.map((turn) => utf8(turn).length));
    for (let at = 1; at < longest; at++)
      expect(heard(row, twoParts(at)), `${at}`).toEqual(row.want);
  });
});

test('picked up in the middle, the port tells', () => {
  const { ear } = run(
    [
      "C: <message from='ann@mill' to='bob@moor'><body>psst</body><x xmlns='jabber:x:event'/></message>",
    ],
    undefined,
    flowContext({ midstream: true, serverPort: 5298 }),
  );
  expect(ear.heard).toMatchObject([{ service: 'bonjour', account: 'ann@mill', from: 'ann@mill' }]);
});

describe('what is not link-local stays what it is', () => {
  test('a client that calls its server by an odd name, when the server answers', () => {
    const [first = '', ...rest] = LOGIN;
    const { ear } = run([first.replace("to='example.org'", "to='x@example.org'"), ...rest]);
    expect(ear.heard).toEqual([SIGNED_IN]);
  });

  test('a session that signs in on the port of link-local streams', () => {
    expect(run(LOGIN, undefined, flowContext({ serverPort: 5298 })).ear.heard).toEqual([SIGNED_IN]);
  });

  test('a stream between servers', () => {
    const server = NS.replace('jabber:client', 'jabber:server');
    const { ear } = run([
      `C: <stream:stream ${server} from='a@mill' to='b@moor'>`,
      "C: <message from='a@mill' to='b@moor'><body>x</body></message>",
    ]);
    expect(ear.heard).toMatchObject([{ kind: 'message', from: 'a@mill', to: ['b@moor'] }]);
    expect(ear.heard[0]).not.toHaveProperty('service');
  });
});

test('a refused stanza becomes white space: the others are read as before', () => {
  const turns = [
    ...OPEN,
    'C: <message><body>bad</body></message><message><body>good</body></message>',
  ];
  const before = run(turns).ear;
  const unit = before.units[0];
  const skipped = utf8(OPEN[0]?.slice(3) ?? '').length;
  const wire = utf8(turns[2]?.slice(3) ?? '');
  if (unit === undefined) throw new Error('nothing was heard');
  const { start, end, head, form } = unit;
  expect(unit.direction).toBe(Direction.ToServer);
  blank(wire.subarray(start - skipped, end - skipped), 0, {
    direction: 0,
    length: end - start,
    head,
    form,
  });
  const after = run([...OPEN, `C: ${new TextDecoder().decode(wire)}`]).ear;
  expect(after.heard).toEqual(before.heard.slice(1));
});
