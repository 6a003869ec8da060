/** Test support: files and pictures as the pager tells of them. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { direct, heard, mine, packet, served, utf8 } from './ymsg.fixture.ts';

const TOKEN = 'tok$$';
const offerFrom = (fields: string) =>
  packet(0xdc, `1=ann|5=bob|265=${TOKEN}|222=1|266=1|302=268|300=268|${fields}|301=268|303=268`);
const toBob = { ...mine, ...direct, to: ['bob'] };
const fromBob = { ...heard, ...direct, protocolVersion: '16', from: 'bob', to: ['ann'] };
const file = { name: 'a.txt', size: 12, token: TOKEN };

export const FILES: readonly Row[] = [
  {
    name: 'YMSG 15: offered, accepted, relayed, given up',
    turns: [
      client(offerFrom('27=a.txt|28=12')),
      server(served(0xdc, `4=bob|5=ann|265=${TOKEN}|222=3`)),
      client(packet(0xdd, `1=ann|5=bob|265=${TOKEN}|27=a.txt|249=3|250=10.9.8.7`)),
      server(
        served(0xde, `4=bob|5=ann|265=${TOKEN}|27=a.txt|249=3|251=relay1`),
        served(0xdd, `4=bob|5=ann|265=${TOKEN}|66=-1`, { status: -1 }),
      ),
    ],
    want: [
      { ...toBob, kind: 'file.offer', file },
      { ...fromBob, kind: 'file.accept', file },
      { ...fromBob, kind: 'file.cancel', file, reason: 'given up' },
    ],
  },
  {
    name: 'YMSG 15: a batch of several files, declined and cancelled',
    turns: [
      client(offerFrom(`27=a.txt|28=12|27=${utf8('übung.doc')}|28=5000`)),
      server(served(0xdc, `4=bob|5=ann|265=${TOKEN}|222=4`)),
      client(packet(0xdc, `1=ann|5=bob|265=${TOKEN}|222=2`)),
    ],
    want: [
      { ...toBob, kind: 'file.offer', file },
      { ...toBob, kind: 'file.offer', file: { ...file, name: 'übung.doc', size: 5000 } },
      { ...fromBob, kind: 'file.decline', file: { token: TOKEN } },
      { ...toBob, kind: 'file.cancel', file: { token: TOKEN } },
    ],
  },
  {
    name: 'older: kept by the network, and from the sender itself',
    turns: [
      client(packet(0x8a, '0=ann')),
      server(
        served(
          0x46,
          '4=bob|5=ann|14=look|20=http://f.example/x/holiday%20photo.jpg?k1|28=45678|38=1700000000',
        ),
        served(0x46, '1=ann|5=bob|4=ann|14=', { status: 4 }),
        served(0x46, '1=ann|5=carol|4=ann|14=|20=http://f.example/y/b.zip?k2|38=1'),
        served(
          0x4d,
          '4=bob|5=ann|49=FILEXFER|13=1|20=http://10.9.8.7:4444/c.exe?k3|27=c.exe|28=9|14=run it',
        ),
      ),
      client(
        packet(0x4d, '1=ann|5=bob|49=FILEXFER|13=2|27=c.exe'),
        packet(0x4d, '1=ann|5=bob|49=FILEXFER|13=3|27=c.exe'),
      ),
    ],
    want: [
      { ...mine, kind: 'presence', reason: 'keep-alive' },
      {
        ...fromBob,
        kind: 'file.offer',
        text: 'look',
        file: {
          name: 'holiday photo.jpg',
          size: 45678,
          method: 'ymsg-http',
          url: 'http://f.example/x/holiday%20photo.jpg?k1',
        },
      },
      {
        ...fromBob,
        from: 'carol',
        kind: 'file.offer',
        file: { name: 'b.zip', method: 'ymsg-http', url: 'http://f.example/y/b.zip?k2' },
      },
      {
        ...fromBob,
        kind: 'file.offer',
        text: 'run it',
        file: { name: 'c.exe', size: 9, method: 'p2p', url: 'http://10.9.8.7:4444/c.exe?k3' },
      },
      { ...toBob, kind: 'file.accept', file: { name: 'c.exe', method: 'p2p' } },
      { ...toBob, kind: 'file.decline', file: { name: 'c.exe', method: 'p2p' } },
    ],
  },
  {
    name: 'pictures of people',
    turns: [
      client(packet(0xbe, '1=ann|5=bob|13=1')),
      server(served(0xbe, '4=bob|5=ann|13=2|20=http://p.example/bob.png|192=4711')),
    ],
    want: [
      {
        ...heard,
        ...direct,
        protocolVersion: '16',
        kind: 'file.offer',
        from: 'bob',
        to: ['ann'],
        file: {
          method: 'ymsg-http',
          token: '4711',
          url: 'http://p.example/bob.png',
          purpose: 'picture',
        },
      },
    ],
  },
];
