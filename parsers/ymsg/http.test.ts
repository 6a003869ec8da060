/** Files over HTTP from wire to events, and what becomes of connections that were announced. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  joined,
  octets,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { YMSG, YMSG_FETCH, YMSG_HTTP } from './definition.ts';
import { FETCHES, HTTP } from './http.fixture.ts';
import { packet, served } from './ymsg.fixture.ts';

describe('requests that only Yahoo! clients make', () => describeRows(YMSG_HTTP, HTTP));
describe('connections that an offer announced', () => describeRows(YMSG_FETCH, FETCHES));

const CONTENT = octets('twelve bytes');
const sha256 = createHash('sha256').update(CONTENT).digest('hex');
const answer = joined(octets('HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\n'), CONTENT);
const OFFER =
  '4=ann|5=bob|265=tok$$|222=1|266=2|302=268|300=268|27=a.txt|28=12|27=b.txt|28=3|301=268|303=268';

describe('an offer and its connection', () => {
  test('YMSG 15 over a relay: both legs carry the token of the offer, the second is a copy', () => {
    const context = flowContext();
    const pager = new Ear();
    feed(
      YMSG.create(context),
      [
        server(served(0xdc, OFFER)),
        client(packet(0xdc, '1=bob|5=ann|265=tok$$|222=3')),
        server(served(0xdd, '4=ann|5=bob|265=tok$$|27=a.txt|249=3|250=10.9.8.7|251=re+lay')),
      ],
      undefined,
      pager,
    );
    expect(pager.expected).toEqual([]);
    const target = '/relay?token=re%2Blay&sender=';
    const post = octets(`POST ${target}ann&recver=bob HTTP/1.1\r\nContent-Length: 12\r\n\r\n`);
    const up = feed(YMSG_HTTP.create(context), [client(post, CONTENT)]);
    const get = octets(`GET ${target}bob&recver=ann HTTP/1.1\r\n\r\n`);
    const down = feed(YMSG_HTTP.create(context), [client(get), server(answer)]);
    const file = { name: 'a.txt', size: 12, token: 'tok$$', sha256 };
    expect(up.heard.at(-1)).toMatchObject({ kind: 'file.complete', account: 'ann', file });
    expect(up.heard.at(-1)).not.toHaveProperty('copy');
    const last = { kind: 'file.complete', account: 'bob', origin: 'server', copy: 'carbon', file };
    expect(down.heard.at(-1)).toMatchObject(last);
  });

  test.each([
    ['the sender listens', 0xdd, 1, true],
    ['the recipient listens', 0xde, 2, false],
  ] as const)('YMSG 15 between two clients: %s', (_, service, mode, senderListens) => {
    const context = flowContext();
    const pager = new Ear();
    const url = 'http://10.9.8.7:4444/Messenger.bob.1a.txt?AppID=Messenger&K=x';
    const said = `265=tok$$|27=a.txt|249=${mode}|250=${url}`;
    const info = senderListens
      ? server(served(service, `4=ann|5=bob|${said}`))
      : client(packet(service, `1=bob|5=ann|${said}`));
    feed(YMSG.create(context), [server(served(0xdc, OFFER)), info], undefined, pager);
    const [expected] = pager.expected;
    expect(expected).toMatchObject({
      protocol: 'ymsg-fetch',
      address: '10.9.8.7',
      port: 4444,
      offer: { sender: 'ann', recipient: 'bob', name: 'a.txt', size: 12, senderListens },
    });
    const flow = { ...context, expected };
    const request = '/Messenger.bob.1a.txt?AppID=Messenger&K=x HTTP/1.1\r\n';
    const turns = senderListens
      ? [client(`GET ${request}\r\n`), server(answer)]
      : [client(`POST ${request}Content-Length: 12\r\n\r\n`, CONTENT)];
    const heard = feed(YMSG_FETCH.create(flow), turns).heard;
    const file = { name: 'a.txt', size: 12, token: 'tok$$', method: 'p2p', sha256 };
    const who = { account: 'bob', origin: 'server', from: 'ann', to: ['bob'] };
    expect(heard.map(({ kind }) => kind)).toEqual(['file.start', 'file.complete']);
    expect(heard.at(-1)).toMatchObject({ ...who, file });
  });

  test('older: the URL is tied to the upload between the two that it ends in', () => {
    const context = flowContext();
    const body = packet(0x46, '28=12|27=\xc3\xbcber.txt|14=|5=bob|0=ann|29=').slice(0, -2);
    const head = `POST /notifyft HTTP/1.0\r\nContent-Length: ${body.length + 12}\r\n\r\n`;
    feed(YMSG_HTTP.create(context), [client(head, body, CONTENT)]);
    const pager = new Ear();
    // Encoded twice, as a server was seen to do; by the host's name only.
    const url = 'http://files.example/x/%C3%83%C2%BCber.txt?1';
    feed(
      YMSG.create(context),
      [server(served(0x46, `4=ann|5=bob|14=|20=${url}`))],
      undefined,
      pager,
    );
    expect(pager.heard.at(-1)).toMatchObject({ file: { name: 'über.txt', size: 12, url } });
    const [expected] = pager.expected;
    expect(expected).toMatchObject({ address: context.serverAddress, port: 80 });
    const fetch = [client('GET /x/%C3%83%C2%BCber.txt?1 HTTP/1.0\r\n\r\n'), server(answer)];
    const heard = feed(YMSG_FETCH.create({ ...context, expected }), fetch).heard;
    const file = { name: 'über.txt', size: 12, sha256 };
    expect(heard.at(-1)).toMatchObject({ kind: 'file.complete', copy: 'carbon', file });
  });

  test('a server that names the recipient as the sender: the upload tells, where the account is not known', () => {
    const context = flowContext({ midstream: true });
    const body = packet(0x46, '28=12|27=a.txt|14=|5=bob|0=ann|29=').slice(0, -2);
    const upload = joined(body, CONTENT);
    const head = `POST /notifyft HTTP/1.0\r\nContent-Length: ${upload.length}\r\n\r\n`;
    feed(YMSG_HTTP.create(context), [client(head, upload)]);
    const pager = feed(YMSG.create(context), [
      server(served(0x46, '4=bob|5=ann|14=|20=http://f.example/x/a.txt?1')),
    ]);
    expect(pager.heard.at(-1)).toMatchObject({ kind: 'file.offer', from: 'ann', to: ['bob'] });
  });

  test('what is waited for at an address stays so for strangers, though not for ever', () => {
    const context = flowContext();
    const pager = new Ear();
    const offer = '4=ann|5=bob|49=FILEXFER|13=1|20=http://10.9.8.7:4444/a.txt|27=a.txt|28=12';
    feed(YMSG.create(context), [server(served(0x4d, offer))], undefined, pager);
    const flow = { ...context, expected: pager.expected[0] };
    let again = 0;
    for (let i = 0; i < 100; i++) {
      const ear = feed(YMSG_FETCH.create(flow), [client('GET /other HTTP/1.0\r\n\r\n')]);
      again += ear.expected.length;
      expect(ear.handedOver[0]).toEqual(octets('GET /other HTTP/1.0\r\n\r\n'));
    }
    expect(again).toBe(64);
  });
});

test('an interim answer is not the file', () => {
  const get = client('GET /relay?token=t&sender=bob&recver=ann HTTP/1.1\r\n\r\n');
  const interim = server('HTTP/1.1 100 Continue\r\n\r\n');
  const { heard } = feed(YMSG_HTTP.create(flowContext()), [get, interim, server(answer)]);
  expect(heard.map(({ kind }) => kind)).toEqual(['file.start', 'file.complete']);
  expect(heard.at(-1)).toMatchObject({ file: { size: 12, sha256 } });
});

test('a server that speaks before the request is whole is somebody else: all octets go along', () => {
  const expected = {
    protocol: 'ymsg-fetch',
    service: 'yahoo',
    address: '10.9.8.7',
    port: 4444,
    offer: {
      service: 'yahoo',
      account: 'ann',
      sender: 'ann',
      recipient: 'bob',
      senderListens: true,
      room: undefined,
      name: 'a',
      size: 1,
      offset: 0,
      mime: undefined,
      token: undefined,
      method: 'p2p',
      origin: 'client',
    },
  } as const;
  const ear = feed(YMSG_FETCH.create(flowContext({ expected })), [
    client('GET /'),
    server('220 hi'),
  ]);
  expect(ear.handedOver).toEqual([octets('GET /'), octets('220 hi')]);
});

describe('a connection that ends early, or is not seen whole', () => {
  const get = client('GET /relay?token=t&sender=bob&recver=ann HTTP/1.1\r\n\r\n');
  const head = server('HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\ntwelve');
  const run = () => {
    const parser = YMSG_HTTP.create(flowContext());
    const ear = feed(parser, [get, head]);
    return { parser, ear };
  };

  test('ended: cancelled', () => {
    const { parser, ear } = run();
    parser.end(Direction.ToClient, ear);
    parser.end(Direction.ToServer, ear);
    expect(ear.heard.map(({ kind }) => kind)).toEqual(['file.start', 'file.cancel']);
    expect(ear.heard.at(-1)).toMatchObject({ reason: 'incomplete', file: { size: 6 } });
  });

  test('a hole in the content: complete, without a hash', () => {
    const { parser, ear } = run();
    parser.gap(Direction.ToClient, 3, ear);
    parser.push(Direction.ToClient, octets('tes'), ear);
    expect(ear.heard.at(-1)).toMatchObject({
      kind: 'file.complete',
      reason: 'gap',
      file: { size: 12 },
    });
    expect(ear.events.at(-1)?.file?.sha256).toBeUndefined();
  });

  test('the answer is not seen from its beginning, or never', () => {
    for (const lost of [true, false]) {
      const parser = YMSG_HTTP.create(flowContext());
      const ear = feed(parser, [get]);
      if (lost) parser.gap(Direction.ToClient, 40, ear);
      parser.end(Direction.ToServer, ear);
      parser.end(Direction.ToClient, ear);
      const last = { kind: 'file.cancel', reason: lost ? 'gap' : 'no answer' };
      expect(ear.heard.at(-1)).toMatchObject(last);
    }
  });
});

test('what is undecided is held back, content is not', () => {
  const parser = YMSG_HTTP.create(flowContext());
  const ear = new Ear();
  const { ToServer } = Direction;
  const head = octets('POST /notifyft HTTP/1.0\r\nContent-Length: 200\r\n\r\n');
  parser.push(ToServer, head.subarray(0, 20), ear);
  expect(parser.holdFrom(ToServer)).toBe(0);
  parser.push(ToServer, head.subarray(20), ear);
  expect(parser.holdFrom(ToServer)).toBe(0);
  const body = packet(0x46, '28=12|27=a|5=bob|0=ann|29=').slice(0, -2);
  parser.push(ToServer, body, ear);
  expect(ear.heard.map(({ kind }) => kind)).toEqual(['file.offer', 'file.start']);
  expect(ear.units[0]).toMatchObject({ start: 0, end: -1, form: -1 });
  expect(parser.holdFrom(ToServer)).toBe(-1);
});

test('packets inside HTTP have their place in the stream, unless they come in chunks', () => {
  const body = packet(6, '1=ann|5=bob|14=hi');
  const head = `POST /notify HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n`;
  const ear = feed(YMSG_HTTP.create(flowContext()), [client(head, body)]);
  const textStart = head.length + body.length - 4;
  const place = { start: head.length, end: head.length + body.length, head: 20, form: 0 };
  expect(ear.units[0]).toMatchObject({ ...place, textStart, textEnd: textStart + 2 });
  const chunks = [
    `POST /notify HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `${(9).toString(16)}\r\n`,
    body.subarray(0, 9),
    `\r\n${(body.length - 9).toString(16)}\r\n`,
    body.subarray(9),
    '\r\n0\r\n\r\n',
  ];
  const other = feed(YMSG_HTTP.create(flowContext()), [client(...chunks)]);
  expect(other.events[0]).toMatchObject({ text: 'hi' });
  expect(other.units[0]).toMatchObject({ start: -1, form: -1, textStart: -1 });
});

test('a refused upload or request is answered with 403 and does not go on', () => {
  const parser = YMSG_HTTP.create(flowContext());
  const found: unknown[] = [];
  const ear = new Ear();
  ear.judge = (event, unit) => {
    found.push(parser.replace?.(event, unit, 'no files'));
    return { action: 'drop', enforced: true };
  };
  const get = octets('GET /relay?token=t&sender=bob&recver=ann HTTP/1.1\r\n\r\n');
  expect(parser.push(Direction.ToServer, get, ear)).toBe(Status.More);
  const back = octets('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  expect(found).toEqual([{ forward: new Uint8Array(0), back }]);
});
