import { describe, expect, test } from 'vitest';
import { joined, octets } from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { hello, records } from '../framing/client-hello.fixture.ts';
import { Inner, InnerHandshake } from './inner-handshake.ts';
import { sealed, serverFlight } from './tls.fixture.ts';

/** `>300 <4000 >97`: records of that many sealed octets by the client and the server. */
function watch(sizes: string, cut = Number.POSITIVE_INFINITY): Inner {
  const inner = new InnerHandshake();
  const opening: [Direction, Uint8Array][] = [
    [Direction.ToServer, records(hello())],
    [Direction.ToClient, joined(records(serverFlight({ version: 0x0303, chosen: 0x0304 })))],
  ];
  const rest = sizes.split(' ').map((size): [Direction, Uint8Array] => {
    const direction = size.startsWith('>') ? Direction.ToServer : Direction.ToClient;
    return [direction, sealed(Number(size.slice(1)))];
  });
  for (const [direction, wire] of [...opening, ...rest]) {
    for (let at = 0; at < wire.length; at += cut) {
      const answer = inner.push(direction, wire.subarray(at, at + cut));
      if (answer !== Inner.Unclear) return answer;
    }
  }
  return Inner.Unclear;
}

describe.each([Number.POSITIVE_INFINITY, 1, 7, 1000])('in pieces of %d', (cut) => {
  test.each<[string, string, Inner]>([
    ['a handshake of TLS 1.3 inside', '<900 >53 >534 <250 <4400 >97', Inner.Suspected],
    ['of TLS 1.2 inside 1.2', '>258 <3200 >150', Inner.Suspected],
    [
      'a hello with a post-quantum share in two records',
      '<900 >69 >1400 >500 <5000 >97',
      Inner.Suspected,
    ],
    ['HTTP/2: a preface, and what it asks', '<900 >53 >110 >400 <9000 >26', Inner.None],
    ['HTTP/2 in one record: an acknowledgement', '<900 >53 >420 <9000 >26', Inner.None],
    ['HTTP/1: the next request', '<900 >53 >640 <9000 >630', Inner.None],
    ['an upload', '<900 >53 >2000 >2000', Inner.None],
    ['a download', '<900 >53 >640 <16000 <16000', Inner.None],
    ['a small answer, for long', '>640 <60 >640 <60 >640 <60 >640', Inner.None],
    ['not over', '<900 >53 >534 <4400', Inner.Unclear],
  ])('%s', (_, sizes, answer) => expect(watch(sizes, cut)).toBe(answer));
});

test('what is no record ends it', () => {
  expect(new InnerHandshake().push(Direction.ToServer, octets('GET / HTTP/1.1'))).toBe(Inner.None);
});
