/** Test support: OFT conversations and what must be heard of them. */
import {
  client,
  joined,
  octets,
  type Row,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import {
  ack,
  COOKIE,
  done,
  header,
  OFFER,
  prompt,
  remembered,
  resume,
  resumeAccept,
  resumeAck,
} from './oft.fixture.ts';
import { OftType } from './oft-header.ts';

const TEN = '0123456789';
const NO_COOKIE = '0000000000000000';
const hash = (text: string) => sha256(octets(text));
const endpoint = '10.0.0.2:5000';
const told = {
  protocolVersion: '2',
  origin: 'server',
  account: 'bob',
  from: 'ann',
  to: ['bob'],
  route: 'direct',
};
const plan = { name: 'plan.txt', size: 10, method: 'oft', token: COOKIE, endpoint };
const start = (file: object = {}, more: object = {}) => ({
  kind: 'file.start',
  ...told,
  ...more,
  file: { ...plan, ...file },
});
const complete = (text: string, file: object = {}, more: object = {}) => ({
  kind: 'file.complete',
  ...told,
  ...more,
  file: { ...plan, ...file, sha256: hash(text) },
});
const offered = () => ({ memory: remembered() });
/** Announced at the address and port of the listener. */
const announced = (senderListens = true, changes = {}) => ({
  expected: {
    protocol: 'oft',
    service: 'aim',
    address: '10.0.0.2',
    port: 5000,
    offer: { ...OFFER, senderListens, ...changes },
  },
});

export const FILES: readonly Row[] = [
  {
    name: 'the sender listens; told by the cookie',
    context: offered(),
    turns: [server(prompt()), client(ack()), server(TEN), client(done({ received: 10 }))],
    want: [start(), complete(TEN)],
  },
  {
    name: 'the sender connects (redirected), and says everything at once',
    context: offered(),
    turns: [client(prompt()), server(ack()), client(TEN), server(done())],
    want: [start(), complete(TEN)],
  },
  {
    name: 'a prompt with a zero cookie, told by the answer',
    context: offered(),
    turns: [server(prompt({ cookie: NO_COOKIE })), client(ack()), server(TEN)],
    want: [start(), complete(TEN)],
  },
  {
    name: 'no cookie at all, told by address and port',
    context: announced(),
    turns: [server(prompt({ cookie: NO_COOKIE })), client(ack({ cookie: NO_COOKIE })), server(TEN)],
    want: [start(), complete(TEN)],
  },
  {
    name: 'of nobody who is known',
    turns: [client(prompt()), server(ack()), client(TEN)],
    want: [
      { kind: 'file.start', protocolVersion: '2', origin: 'client', route: 'direct', file: plan },
      {
        kind: 'file.complete',
        protocolVersion: '2',
        origin: 'client',
        route: 'direct',
        file: { ...plan, sha256: hash(TEN) },
      },
    ],
  },
  {
    name: 'resumed: the tail alone passes',
    context: offered(),
    turns: [
      server(prompt()),
      client(resume({ received: 6 })),
      server(resumeAccept({ received: 6 })),
      client(resumeAck({ received: 6 })),
      server('6789'),
      client(done()),
    ],
    want: [start({ offset: 6 }), complete('6789', { offset: 6 })],
  },
  {
    name: 'a resumption that the sender begins anew',
    context: offered(),
    turns: [
      server(prompt()),
      client(resume({ received: 6 })),
      server(resumeAccept({ received: 0 })),
      client(resumeAck({ received: 0 })),
      server(TEN),
    ],
    want: [start(), complete(TEN)],
  },
  {
    name: 'several files of a folder in one connection',
    context: { memory: remembered({ name: 'pictures\\*', size: 7 }, 3) },
    turns: [
      server(prompt({ name: 'pictures\x01a.txt', size: 3, totalSize: 7, files: 3, left: 3 })),
      client(ack({ name: 'pictures\x01a.txt', size: 3 })),
      server('abc'),
      client(done()),
      server(prompt({ name: 'pictures\x01empty', size: 0, totalSize: 7, files: 3, left: 2 })),
      client(ack({ name: 'pictures\x01empty', size: 0 })),
      client(done()),
      server(prompt({ name: 'pictures\x01b\x01c', size: 4, totalSize: 7, files: 3, left: 1 })),
      client(ack({ name: 'pictures\x01b\x01c', size: 4 })),
      server('defg'),
      client(done()),
    ],
    want: [
      start({ name: 'pictures/a.txt', size: 3 }),
      complete('abc', { name: 'pictures/a.txt', size: 3 }),
      start({ name: 'pictures/empty', size: 0 }),
      complete('', { name: 'pictures/empty', size: 0 }),
      start({ name: 'pictures/b/c', size: 4 }),
      complete('defg', { name: 'pictures/b/c', size: 4 }),
    ],
  },
  {
    name: 'names in UTF-16, Latin-1, UTF-8, and longer than 63 octets',
    turns: [
      server(prompt({ name: octets('\0h\0\xe9\0\0'), charset: 2, size: 0 })),
      client(ack({ size: 0 })),
      server(prompt({ name: octets('caf\xe9'), charset: 3, size: 0 })),
      client(ack({ size: 0 })),
      server(prompt({ name: 'übung', size: 0 })),
      client(ack({ size: 0 })),
      server(prompt({ name: `${'n'.repeat(300)}.txt`, size: 0 })),
      client(ack({ size: 0 })),
    ],
    want: ['hé', 'café', 'übung', `${'n'.repeat(300)}.txt`].flatMap((name) => {
      const fields = { protocolVersion: '2', origin: 'server', route: 'direct' };
      const file = { ...plan, name, size: 0 };
      return [
        { kind: 'file.start', ...fields, file },
        { kind: 'file.complete', ...fields, file: { ...file, sha256: hash('') } },
      ];
    }),
  },
  {
    name: 'the list of files of a get-file, and the file that is asked for',
    context: { memory: remembered({ name: undefined, size: undefined }) },
    turns: [
      server(header({ type: OftType.ListingPrompt, name: 'listing.txt', size: 5 })),
      client(header({ type: OftType.ListingAck, name: 'listing.txt', size: 5 })),
      server('a.txt'),
      client(header({ type: OftType.ListingDone, name: 'listing.txt' })),
      client(header({ type: OftType.FileRequest, name: 'a.txt' })),
      server(prompt({ name: 'a.txt' })),
      client(ack({ name: 'a.txt' })),
      server(TEN),
    ],
    want: [
      start({ name: 'listing.txt', size: 5 }),
      complete('a.txt', { name: 'listing.txt', size: 5 }),
      { ...start({ name: 'a.txt' }), kind: 'file.offer', state: 'requested' },
      start({ name: 'a.txt' }),
      complete(TEN, { name: 'a.txt' }),
    ],
  },
  {
    name: 'a file that begins like a header is a file',
    context: { memory: remembered({ size: 256 }) },
    turns: [
      server(prompt({ size: 256 })),
      client(ack({ size: 256 })),
      server(prompt({ name: 'inside' })),
      client(done()),
      server(prompt({ size: 0 })),
    ],
    want: [
      start({ size: 256 }),
      {
        ...complete('', { size: 256 }),
        file: { ...plan, size: 256, sha256: sha256(prompt({ name: 'inside' })) },
      },
    ],
  },
  {
    name: 'the receiver is not in the capture',
    context: offered(),
    turns: [server(prompt()), server(TEN), server(prompt({ size: 0 })), server('x')],
    want: [start(), complete(TEN), { anomaly: 'oft-size-differs' }].concat([
      start({ size: 0 }, { anomalies: ['oft-size-differs'] }),
      complete('', { size: 0 }, { anomalies: ['oft-size-differs'] }),
      { anomaly: 'oft-no-header' },
    ] as never[]),
  },
  {
    name: 'the prompt is not in the capture',
    context: offered(),
    turns: [client(ack()), server(TEN), client(done())],
    want: [start(), complete(TEN)],
  },
];

export const ODDITIES: readonly Row[] = [
  {
    name: 'another name, another size than offered',
    context: offered(),
    turns: [server(prompt({ name: 'plan.exe', size: 3 })), client(ack()), server('abc')],
    want: [
      { anomaly: 'oft-name-differs' },
      { anomaly: 'oft-size-differs' },
      start({ name: 'plan.exe', size: 3 }, { anomalies: ['oft-name-differs', 'oft-size-differs'] }),
      complete(
        'abc',
        { name: 'plan.exe', size: 3 },
        { anomalies: ['oft-name-differs', 'oft-size-differs'] },
      ),
    ],
  },
  {
    name: 'from who was offered it, by address',
    context: announced(false),
    turns: [server(prompt()), client(ack()), server(TEN)],
    want: [
      { anomaly: 'oft-direction-differs' },
      start(
        {},
        { from: 'bob', to: ['ann'], origin: 'client', anomalies: ['oft-direction-differs'] },
      ),
      complete(
        TEN,
        {},
        { from: 'bob', to: ['ann'], origin: 'client', anomalies: ['oft-direction-differs'] },
      ),
    ],
  },
  {
    name: 'headers shorter and longer than usual ones',
    context: { memory: remembered() },
    turns: [
      server(prompt({ length: 201, size: 3 })),
      client(ack({ length: 201, size: 3 })),
      server('abc', prompt({ length: 20_000, size: 3 })),
      client(ack({ length: 20_000, size: 3 })),
      server('abc'),
    ],
    want: [1, 2].flatMap(() => [
      { anomaly: 'oft-size-differs' },
      start({ size: 3 }, { anomalies: ['oft-size-differs'] }),
      complete('abc', { size: 3 }, { anomalies: ['oft-size-differs'] }),
    ]),
  },
  {
    name: 'told by address in a flow that was taken for its mirror image',
    context: { ...announced(), clientAddress: '10.0.0.2', clientPort: 5000 },
    turns: [client(prompt()), server(ack()), client(TEN)],
    want: [start(), complete(TEN)],
  },
  {
    name: 'a checksum that is not the content’s; one that is',
    context: offered(),
    turns: [
      server(prompt({ checksum: 0x12340000 })),
      client(ack()),
      server(TEN),
      client(done()),
      server(
        prompt({
          checksum: ((0xffff - 0x3031 - 0x3233 - 0x3435 - 0x3637 - 0x3839 + 65535) << 16) >>> 0,
        }),
      ),
      client(ack()),
      server(TEN),
    ],
    want: [
      start(),
      { anomaly: 'oft-checksum-differs' },
      complete(TEN, {}, { anomalies: ['oft-checksum-differs'] }),
      start(),
      complete(TEN),
    ],
  },
  {
    name: 'announced as encrypted',
    context: offered(),
    turns: [server(prompt({ encryption: 1 })), client(ack()), server(TEN)],
    want: [
      { anomaly: 'oft-encoded' },
      start({}, { anomalies: ['oft-encoded'] }),
      complete(TEN, {}, { anomalies: ['oft-encoded'] }),
    ],
  },
  {
    name: 'done too early',
    context: offered(),
    turns: [server(prompt()), client(ack()), server('012'), client(done())],
    want: [
      start(),
      { anomaly: 'oft-done-early' },
      { kind: 'file.cancel', ...told, reason: 'incomplete', file: { ...plan, size: 3 } },
    ],
  },
  {
    name: 'an answer from the wrong side, a position beyond the file',
    context: offered(),
    turns: [server(prompt()), server(ack()), client(resume({ received: 99 })), client(resumeAck())],
    want: [
      { anomaly: 'oft-out-of-order' },
      { anomaly: 'oft-bad-offset' },
      start({ offset: 10 }),
      complete('', { offset: 10 }),
    ],
  },
  {
    name: 'a header nobody knows; one inside what may be content',
    context: offered(),
    turns: [
      client(header({ type: 0x0303 })),
      server(prompt({ size: 300 })),
      server(header({ type: 0x0303 }), 'x'.repeat(44)),
    ],
    want: [
      { ...start(), kind: 'app.unknown', reason: 'oft 0303' },
      { anomaly: 'oft-size-differs' },
      start({ size: 300 }, { anomalies: ['oft-size-differs'] }),
      {
        ...complete('', {}, { anomalies: ['oft-size-differs'] }),
        file: {
          ...plan,
          size: 300,
          sha256: sha256(joined(header({ type: 0x0303 }), octets('x'.repeat(44)))),
        },
      },
    ],
  },
  {
    name: 'junk between files is named once, and the next header found',
    context: offered(),
    turns: [
      server(prompt(), 'OFF'),
      client(ack()),
      server('3456789', 'junk OFT OOFT2', prompt({ size: 0, name: 'plan.txt' })),
      client(ack()),
    ],
    want: [
      start(),
      complete('OFF3456789'),
      { anomaly: 'oft-no-header' },
      { anomaly: 'oft-size-differs' },
      start({ size: 0 }, { anomalies: ['oft-size-differs'] }),
      complete('', { size: 0 }, { anomalies: ['oft-size-differs'] }),
    ],
  },
];
