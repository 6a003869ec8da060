/** TCP told packet by packet; expected is everything the listener hears, in order. */
import { describe, expect, test } from 'vitest';
import { Disposition } from '../flow/disposition.ts';
import { Conversation, type ConversationOptions } from './conversation.fixture.ts';

type Scenario = [
  name: string,
  tell: (c: Conversation) => void,
  heard: string[],
  options?: ConversationOptions,
];

const OPENED = 'opened';
/** A thousand octets without a period that divides 2048. */
const BLOCK = Array.from({ length: 1000 }, (_, i) => String.fromCharCode(33 + (i % 89))).join('');
const UNDECIDED = { disposition: Disposition.Undecided };

function run(scenarios: readonly Scenario[]): void {
  test.each(scenarios)('%s', (_, tell, heard, options) => {
    const c = new Conversation(options);
    tell(c);
    expect(c.scribe.take()).toEqual(heard);
    c.finish();
    expect(c.streams.heldOctets).toBe(0);
    expect(c.table.size).toBe(0);
  });
}

describe('an orderly connection', () => {
  run([
    [
      'opens, speaks and closes',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.client({ seq: 1, ack: 1 }).client({ seq: 1, ack: 1, data: 'hello' });
        c.server({ seq: 1, ack: 6, data: 'world' }).client({ flags: 'F', seq: 6, ack: 6 });
        c.server({ flags: 'F', seq: 6, ack: 7 }).client({ seq: 7, ack: 7 }).finish();
      },
      [OPENED, '> hello', '< world', '> ended fin', '< ended fin', 'closed fin'],
    ],
    [
      'FIN with data',
      (c) => c.handshake().client({ flags: 'F', seq: 1, ack: 1, data: 'bye' }),
      ['> bye', '> ended fin'],
    ],
    [
      'FIN again, with its data',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, ack: 1, data: 'bye' });
        c.client({ flags: 'F', seq: 1, ack: 1, data: 'bye' });
      },
      ['> bye', '> ended fin'],
    ],
    [
      'the other side speaks on after a FIN',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, ack: 1 });
        c.server({ seq: 1, ack: 2, data: 'late' }).server({ flags: 'F', seq: 5, ack: 2 }).finish();
      },
      ['> ended fin', '< late', '< ended fin', 'closed fin'],
    ],
    [
      'capture end',
      (c) => c.handshake().client({ seq: 1, ack: 1, data: 'a' }).finish(),
      ['> a', '> ended capture-end', '< ended capture-end', 'closed capture-end'],
    ],
    [
      'a flow that ends by silence',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'a' });
        c.client({ seq: 2, ack: 1, data: 'b', after: 8000 });
      },
      ['> a', '> ended timeout', '< ended timeout', 'closed timeout', OPENED, '> b'],
    ],
    [
      'urgent octets stay where they are',
      (c) => c.handshake().client({ flags: 'U', seq: 1, ack: 1, data: 'a!b' }),
      ['> a!b'],
    ],
    [
      'wrong checksums are not believed',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'bad', bad: true });
        c.client({ flags: 'R', seq: 1, bad: true }).client({ seq: 1, ack: 1, data: 'good' });
      },
      ['> good'],
    ],
  ]);
});

describe('order', () => {
  run([
    [
      'a segment ahead waits',
      (c) => c.handshake().client({ seq: 4, data: 'def' }).client({ seq: 1, data: 'abc' }),
      ['> abc', '> def'],
    ],
    [
      'backwards',
      (c) => {
        c.handshake().client({ seq: 5, data: 'e' }).client({ seq: 3, data: 'cd' });
        c.client({ seq: 2, data: 'b' }).client({ seq: 1, data: 'a' });
      },
      ['> a', '> b', '> cd', '> e'],
    ],
    [
      'neighbours that wait are joined',
      (c) => {
        c.handshake().client({ seq: 2, data: 'b' }).client({ seq: 3, data: 'c' });
        c.client({ seq: 4, data: 'd' }).client({ seq: 1, data: 'a' });
      },
      ['> a', '> bcd'],
    ],
    [
      'FIN ahead of its data',
      (c) => c.handshake().client({ flags: 'F', seq: 4 }).client({ seq: 1, data: 'abc' }),
      ['> abc', '> ended fin'],
    ],
    [
      'FIN with data ahead of data',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 4, data: 'def' }).client({ seq: 1, data: 'abc' });
      },
      ['> abc', '> def', '> ended fin'],
    ],
    [
      'sequence numbers wrap',
      (c) => {
        c.handshake().client({ seq: 1, data: 'abc' }).client({ seq: 7, data: 'ghi' });
        c.client({ seq: 4, data: 'def' }).client({ seq: 1, data: 'abcdef' });
      },
      ['> abc', '> def', '> ghi'],
      { clientInitial: -4, serverInitial: -1 },
    ],
    [
      'sequence numbers pass 2^31',
      (c) => c.handshake().client({ seq: 4, data: 'def' }).client({ seq: 1, data: 'abc' }),
      ['> abc', '> def'],
      { clientInitial: 0x7ffffffd },
    ],
    [
      'a superframe larger than a chunk waits',
      (c) => {
        c.handshake()
          .client({ seq: 2, data: 'x'.repeat(5000) })
          .client({ seq: 1, data: 'a' });
      },
      ['> a', `> ${'x'.repeat(2048)}`, `> ${'x'.repeat(2048)}`, `> ${'x'.repeat(904)}`],
    ],
  ]);
});

describe('repetition and overlap', () => {
  run([
    [
      'a retransmission says nothing',
      (c) => c.handshake().client({ seq: 1, data: 'abc' }).client({ seq: 1, data: 'abc' }),
      ['> abc'],
    ],
    [
      'a retransmission that goes on',
      (c) => c.handshake().client({ seq: 1, data: 'abc' }).client({ seq: 2, data: 'bcde' }),
      ['> abc', '> de'],
    ],
    [
      'a retransmission with other octets',
      (c) => {
        c.handshake().client({ seq: 1, data: 'abc' }).client({ seq: 1, data: 'aXcd' });
      },
      ['> abc', '> ! conflicting-overlap', '> d'],
    ],
    [
      'other octets for a segment that waits: the first copy wins',
      (c) => {
        c.handshake().client({ seq: 4, data: 'def' }).client({ seq: 3, data: 'cXYZg' });
        c.client({ seq: 1, data: 'ab' });
      },
      ['> ! conflicting-overlap', '> ab', '> c', '> defg'],
    ],
    [
      'other octets in the segment that fills the hole: the first copy wins',
      (c) => {
        c.handshake().client({ seq: 3, data: 'cd' }).client({ seq: 1, data: 'abXYef' });
      },
      ['> ab', '> cd', '> ef', '> ! conflicting-overlap'],
    ],
    [
      'the same octets in another cut are no conflict',
      (c) => {
        c.handshake().client({ seq: 3, data: 'cd' }).client({ seq: 7, data: 'gh' });
        c.client({ seq: 4, data: 'defgh' }).client({ seq: 1, data: 'abcdefghi' });
      },
      ['> ab', '> cdef', '> gh', '> i'],
    ],
    [
      'octets are remembered for 2048: an older copy is not compared',
      (c) => {
        c.handshake().client({ seq: 1, data: BLOCK }).client({ seq: 1001, data: BLOCK });
        c.client({ seq: 2001, data: BLOCK }).client({ seq: 1, data: BLOCK });
        c.client({ seq: 1, data: 'X'.repeat(900) }).client({ seq: 1, data: 'X'.repeat(960) });
      },
      [`> ${BLOCK}`, `> ${BLOCK}`, `> ${BLOCK}`, '> ! conflicting-overlap'],
    ],
    [
      'keep-alives, empty and with a garbage octet',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'abc' });
        c.client({ seq: 3, ack: 1 }).client({ seq: 3, ack: 1, data: '\0' });
        c.client({ seq: 4, ack: 1, data: 'd' });
      },
      ['> abc', '> d'],
    ],
    [
      'keep-alives after a FIN',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, ack: 1 });
        c.client({ seq: 1, ack: 1, data: '\0' }).client({ seq: 1, ack: 1 });
      },
      ['> ended fin'],
    ],
    [
      'zero-window probes bring their octet once',
      (c) => {
        c.handshake().client({ seq: 1, data: 'abc' }).server({ seq: 1, ack: 4, window: 0 });
        c.client({ seq: 4, data: 'd' }).client({ seq: 4, data: 'd' });
        c.client({ seq: 4, data: 'def' });
      },
      ['> abc', '> d', '> ef'],
    ],
    [
      'data after FIN',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, data: 'abc' }).client({ seq: 4, data: 'def' });
        c.client({ seq: 3, data: 'cde' });
      },
      ['> abc', '> ended fin', '> ! data-after-fin', '> ! data-after-fin'],
    ],
    [
      'data beyond a FIN that waits is cut at the FIN',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 4 }).client({ seq: 1, data: 'abcdef' });
      },
      ['> ! data-after-fin', '> abc', '> ended fin'],
    ],
    [
      'what is cut by the snap length ends at a FIN as well',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 4 }).client({ seq: 1, data: 'ab', missing: 7 });
      },
      ['> ! data-after-fin', '> ab', '> gap 1 snap', '> ended fin'],
    ],
    [
      'a FIN amid octets that passed is not believed',
      (c) => {
        c.handshake().client({ seq: 1, data: 'abcdef' }).client({ flags: 'F', seq: 3 });
        c.client({ seq: 7, data: 'g' });
      },
      ['> abcdef', '> ! conflicting-fin', '> g'],
    ],
    [
      'garbage far away',
      (c) => {
        c.handshake()
          .client({ seq: 1 << 25, data: 'x' })
          .client({ seq: 1, data: 'abc' });
      },
      ['> ! out-of-window', '> abc'],
    ],
  ]);
});

describe('handshakes', () => {
  run([
    [
      'SYN again',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).client({ flags: 'S', seq: 0 });
        c.server({ flags: 'S', seq: 0, ack: 1 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.client({ seq: 1, ack: 1, data: 'a' });
      },
      [OPENED, '> a'],
    ],
    [
      'SYN again with another initial number, which the server answers',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).client({ flags: 'S', seq: 9000 });
        c.server({ flags: 'S', seq: 0, ack: 9001 }).client({ seq: 9001, ack: 1, data: 'a' });
      },
      [OPENED, '> ! conflicting-syn', '> a'],
    ],
    [
      'a forged second SYN that the server does not answer',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).client({ flags: 'S', seq: 9000 });
        c.server({ flags: 'S', seq: 0, ack: 1 }).client({ seq: 1, ack: 1, data: 'a' });
      },
      [OPENED, '> ! conflicting-syn', '> a'],
    ],
    [
      'SYN-ACKs that differ: the one the client acknowledges',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.server({ flags: 'S', seq: 700, ack: 1 }).client({ seq: 1, ack: 701 });
        c.server({ seq: 701, ack: 1, data: 'hi' });
      },
      [OPENED, '< ! conflicting-syn', '< hi'],
    ],
    [
      'a SYN-ACK of what was never sent, which no client believes, before the true one',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 5000 });
        c.server({ flags: 'S', seq: 0, ack: 1 }).client({ seq: 1, ack: 1, data: 'secret' });
      },
      [OPENED, '< ! conflicting-syn', '> secret'],
    ],
    [
      'a SYN-ACK of what was never sent behind the true one',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.server({ flags: 'S', seq: 0, ack: 5000 }).client({ seq: 1, ack: 1, data: 'secret' });
        c.server({ seq: 1, ack: 7, data: 'ok' });
      },
      [OPENED, '< ! conflicting-syn', '> secret', '< ok'],
    ],
    [
      'the same, below what the client began with',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.server({ flags: 'S', seq: 0, ack: -5000 }).client({ seq: 1, ack: 1, data: 'secret' });
        c.server({ seq: 1, ack: 7, data: 'ok' });
      },
      [OPENED, '< ! conflicting-syn', '> secret', '< ok'],
    ],
    [
      'a SYN-ACK that answers a SYN which was not captured: what the client says is read, behind a gap',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 9001 });
        c.client({ seq: 9001, ack: 1, data: 'a' }).server({ seq: 1, ack: 9002 }).finish();
      },
      [
        OPENED,
        '< ! conflicting-syn',
        '> gap 9000 loss',
        '> a',
        '> ended capture-end',
        '< ended capture-end',
        'closed capture-end',
      ],
    ],
    [
      'a SYN-ACK of what the server never sent does not hide what it says',
      (c) => {
        c.handshake().client({ flags: 'S', seq: 0, ack: 5000 });
        c.server({ seq: 1, ack: 1, data: 'secret' });
      },
      ['> ! conflicting-syn', '< secret'],
    ],
    [
      'SYN with data that the server takes (fast open)',
      (c) => {
        c.client({ flags: 'S', seq: 0, data: 'GET' }).server({ flags: 'S', seq: 0, ack: 4 });
        c.server({ seq: 1, ack: 4, data: 'OK' }).client({ seq: 4, ack: 3, data: '!' });
      },
      [OPENED, '> GET', '< OK', '> !'],
    ],
    [
      'SYN with data that the server does not take',
      (c) => {
        c.client({ flags: 'S', seq: 0, data: 'junk' }).server({ flags: 'S', seq: 0, ack: 1 });
        c.client({ seq: 1, ack: 1, data: 'real' });
      },
      [OPENED, '> real'],
    ],
    [
      'SYN with data, only the client captured',
      (c) => {
        c.client({ flags: 'S', seq: 0, data: 'GET' }).client({ seq: 4, ack: 1, data: '!' });
      },
      [OPENED, '> GET', '> !'],
    ],
    [
      'SYN-ACK with data',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0, ack: 1, data: '220' });
        c.client({ seq: 1, ack: 4, data: 'a' });
      },
      [OPENED, '< 220', '> a'],
    ],
    [
      'simultaneous open',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).server({ flags: 'S', seq: 0 });
        c.client({ flags: 'S', seq: 0, ack: 1 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.client({ seq: 1, ack: 1, data: 'a' }).server({ seq: 1, ack: 2, data: 'b' });
      },
      [OPENED, '> a', '< b'],
    ],
    [
      'the SYN-ACK alone tells who is the client',
      (c) => {
        c.server({ flags: 'S', seq: 0, ack: 1 }).client({ seq: 4, ack: 1, data: 'def' });
        c.client({ seq: 1, ack: 1, data: 'abc' });
      },
      [OPENED, '> abc', '> def'],
    ],
    [
      'handshake in reverse order',
      (c) => {
        c.client({ seq: 1, ack: 1 }).server({ flags: 'S', seq: 0, ack: 1 });
        c.client({ flags: 'S', seq: 0 }).client({ seq: 1, ack: 1, data: 'a' });
        c.server({ seq: 1, ack: 2, data: 'b' });
      },
      [OPENED, '> a', '< b'],
    ],
    [
      'a late SYN turns a flow round before anything was delivered',
      (c) => {
        c.server({ seq: 1, ack: 1 }).client({ flags: 'S', seq: 0 });
        c.client({ seq: 1, ack: 1, data: 'a' });
      },
      [OPENED, '> a'],
    ],
    [
      'first data lost behind the handshake',
      (c) => {
        c.handshake().client({ seq: 4, ack: 1, data: 'def' }).server({ seq: 1, ack: 7 }).finish();
      },
      ['> gap 3 loss', '> def', '> ended capture-end', '< ended capture-end', 'closed capture-end'],
    ],
  ]);
});

describe('picked up in the middle', () => {
  run([
    [
      'the first octets seen are the first',
      (c) => {
        c.client({ seq: 500, ack: 700, data: 'abc' }).server({ seq: 700, ack: 503, data: 'xyz' });
      },
      [OPENED, '> abc', '< xyz'],
    ],
    [
      'earlier octets are too late',
      (c) => {
        c.client({ seq: 500, ack: 700, data: 'def' }).client({ seq: 497, ack: 700, data: 'abcde' });
        c.client({ seq: 503, ack: 700, data: 'g' });
      },
      [OPENED, '> def', '> ! before-pickup', '> g'],
    ],
    [
      'a server port tells who is the client',
      (c) => c.server({ seq: 700, ack: 503, data: 'xyz' }),
      [OPENED, '< xyz'],
      { serverPortHint: (port) => port === 5222 },
    ],
    [
      'without a hint, who speaks first',
      (c) => c.server({ seq: 700, ack: 503, data: 'xyz' }),
      [OPENED, '> xyz'],
    ],
  ]);
});

test('a late SYN shows that nothing was missed', () => {
  const c = new Conversation().client({ seq: 1, ack: 1, data: 'a' });
  expect(c.table.midstream(c.slot)).toBe(true);
  c.client({ flags: 'S', seq: 0 }).client({ seq: 2, ack: 1, data: 'b' });
  expect(c.table.midstream(c.slot)).toBe(false);
  expect(c.table.oriented(c.slot)).toBe(true);
  expect(c.scribe.take()).toEqual([OPENED, '> a', '> b']);
});

describe('reset', () => {
  run([
    [
      'at the next octet',
      (c) => c.handshake().client({ seq: 1, data: 'a' }).client({ flags: 'R', seq: 2 }),
      ['> a', '> ended reset', '< ended reset'],
    ],
    [
      'in the window, what waits is delivered',
      (c) => c.handshake().client({ seq: 3, data: 'c' }).client({ flags: 'R', seq: 4 }).finish(),
      ['> gap 2 loss', '> c', '> ended reset', '< ended reset', 'closed reset'],
    ],
    [
      'outside the window',
      (c) => {
        c.handshake().client({ seq: 1, data: 'ab' }).client({ flags: 'R', seq: 1 });
        c.client({ flags: 'R', seq: 3 + 70_000 }).client({ seq: 3, data: 'c' });
      },
      ['> ab', '> ! reset-out-of-window', '> ! reset-out-of-window', '> c'],
    ],
    [
      'as the answer to a SYN',
      (c) => {
        c.client({ flags: 'S', seq: 0 });
        c.serverInitial = 0;
        c.server({ flags: 'R', seq: 0, ack: 1 }).finish();
      },
      [OPENED, '< ended reset', '> ended reset', 'closed reset'],
    ],
    [
      'as a false answer to a SYN',
      (c) => c.client({ flags: 'S', seq: 0 }).server({ flags: 'R', seq: 0, ack: -77 }),
      [OPENED, '< ! reset-out-of-window'],
    ],
    [
      'octets on their way are not a new flow',
      (c) => {
        c.handshake().client({ flags: 'R', seq: 1 }).server({ seq: 1, ack: 1, data: 'late' });
      },
      ['> ended reset', '< ended reset'],
    ],
    [
      'nor is it on its way seconds later',
      (c) => {
        c.handshake().client({ flags: 'R', seq: 1 });
        c.server({ seq: 1, ack: 1, data: 'alive', after: 3 });
      },
      ['> ended reset', '< ended reset', 'closed reset', OPENED, '> alive'],
    ],
    [
      'late retransmissions are not a new flow',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'ab' }).client({ flags: 'R', seq: 3 });
        c.client({ seq: 1, ack: 1, data: 'ab' });
      },
      ['> ab', '> ended reset', '< ended reset'],
    ],
    [
      'a sender that goes on was not the one that reset',
      (c) => {
        c.handshake().client({ flags: 'R', seq: 1 }).client({ seq: 1, ack: 1, data: 'alive' });
      },
      ['> ended reset', '< ended reset', 'closed reset', OPENED, '> alive'],
    ],
  ]);
});

describe('ports used again', () => {
  run([
    [
      'after both FINs',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, ack: 1 }).server({ flags: 'F', seq: 1, ack: 2 });
        c.client({ flags: 'S', seq: 9000 }).server({ flags: 'S', seq: 8000, ack: 9001 });
        c.client({ seq: 9001, ack: 8001, data: 'again' });
      },
      ['> ended fin', '< ended fin', 'closed reused', OPENED, '> again'],
    ],
    [
      'after one FIN',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1, ack: 1 });
        c.client({ flags: 'S', seq: 9000 }).client({ seq: 9001, data: 'again' });
      },
      ['> ended fin', '< ended reused', 'closed reused', OPENED, '> again'],
    ],
    [
      'amid a connection whose end was not captured',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'old' }).client({ flags: 'S', seq: 9000 });
        c.server({ flags: 'S', seq: 8000, ack: 9001 }).client({
          seq: 9001,
          ack: 8001,
          data: 'new',
        });
        c.server({ seq: 8001, ack: 9004, data: 'too' });
      },
      [
        '> old',
        '> ! conflicting-syn',
        '> ended reused',
        '< ended reused',
        'closed reused',
        OPENED,
        '> new',
        '< too',
      ],
    ],
    [
      'amid a connection that is turned round before the SYN is answered',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'old' }).client({ flags: 'S', seq: 9000 });
        c.table.swap(c.slot);
        c.server({ flags: 'S', seq: 8000, ack: 9001 });
        c.client({ seq: 9001, ack: 8001, data: 'new' });
      },
      [
        '> old',
        '> ! conflicting-syn',
        '> ended reused',
        '< ended reused',
        'closed reused',
        OPENED,
        '> new',
      ],
    ],
    [
      'the same, opened from the other side',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'old' }).server({ flags: 'S', seq: 9000 });
        c.table.swap(c.slot);
        c.server({ seq: 9001, ack: 8001, data: 'new' });
      },
      [
        '> old',
        '< ! conflicting-syn',
        '> ended reused',
        '< ended reused',
        'closed reused',
        OPENED,
        '> new',
      ],
    ],
    [
      'amid a connection, only the client captured',
      (c) => {
        c.client({ flags: 'S', seq: 0 }).client({ seq: 1, ack: 1, data: 'old' });
        c.client({ flags: 'S', seq: 9000 }).client({ seq: 9001, ack: 8001, data: 'new' });
      },
      [
        OPENED,
        '> old',
        '> ! conflicting-syn',
        '> ended reused',
        '< ended reused',
        'closed reused',
        OPENED,
        '> new',
      ],
    ],
    [
      'a forged SYN amid a connection changes nothing',
      (c) => {
        c.handshake().client({ seq: 1, ack: 1, data: 'ab' }).client({ flags: 'S', seq: 9000 });
        c.server({ seq: 1, ack: 3 }).client({ seq: 3, ack: 1, data: 'cd' });
      },
      ['> ab', '> ! conflicting-syn', '> cd'],
    ],
    [
      'by a flow that was let go',
      (c) => c.handshake().client({ flags: 'S', seq: 9000 }),
      ['closed reused', OPENED],
      { disposition: Disposition.LetGo },
    ],
  ]);
});

describe('dispositions', () => {
  run([
    [
      'a flow that is let go is only counted',
      (c) => c.handshake().client({ seq: 1, data: 'abc' }).client({ seq: 9, data: 'x' }).finish(),
      ['closed capture-end'],
      { disposition: Disposition.LetGo },
    ],
    [
      'of a flow that is let go no gap is told: snap length, hole, or acknowledged and not seen',
      (c) => {
        c.handshake().client({ seq: 1, data: 'abc', missing: 9 }).client({ seq: 99, missing: 9 });
        c.server({ seq: 1, ack: 2_000_000 }).finish();
        expect([c.streams.counters.gaps, c.streams.counters.gapOctets]).toEqual([0, 0]);
        expect(c.streams.heldOctets).toBe(0);
      },
      ['closed capture-end'],
      { disposition: Disposition.LetGo },
    ],
    [
      'its FINs and RSTs end it',
      (c) => {
        c.handshake().client({ flags: 'F', seq: 1 }).server({ flags: 'F', seq: 1 }).finish();
      },
      ['closed fin'],
      { disposition: Disposition.LetGo },
    ],
    [
      'let go from inside a call: what waits is dropped',
      (c) => {
        c.handshake();
        c.scribe.hook = (what) => {
          if (what === 'data') c.table.setDisposition(c.slot, Disposition.LetGo);
        };
        c.client({ seq: 2, data: 'b' }).client({ seq: 4, data: 'd' });
        c.client({ seq: 1, data: 'abc' });
        expect(c.streams.heldOctets).toBe(0);
        c.client({ seq: 5, data: 'e' }).finish();
      },
      ['> a', 'closed capture-end'],
    ],
    [
      'let go when it opens',
      (c) => c.client({ seq: 1, data: 'abc' }),
      [OPENED],
      { disposition: Disposition.Opaque },
    ],
    [
      'turned round when it opens',
      (c) => {
        c.scribe.hook = (what) => {
          if (what === 'opened') c.table.swap(c.slot);
        };
        c.server({ seq: 1, ack: 1, data: 'hi' }).client({ seq: 1, ack: 3, data: 'yo' });
        c.server({ seq: 5, ack: 3, data: 'ef' }).server({ seq: 3, ack: 3, data: 'cd' });
      },
      [OPENED, '< hi', '> yo', '< cd', '< ef'],
      UNDECIDED,
    ],
    [
      'turned round amid the first data',
      (c) => {
        c.server({ seq: 3, ack: 1, data: 'cd' });
        c.scribe.take();
        c.scribe.hook = (what) => {
          if (what !== 'data') return;
          c.scribe.hook = () => {};
          c.table.swap(c.slot);
        };
        c.server({ seq: 7, ack: 1, data: 'gh' }).server({ seq: 5, ack: 1, data: 'ef' });
      },
      ['> ef', '< gh'],
      UNDECIDED,
    ],
  ]);
});

describe('UDP', () => {
  run([
    [
      'each datagram is data',
      (c) => c.datagram(true, 'ask').datagram(false, 'answer').datagram(true, '').finish(),
      [
        OPENED,
        '> ask',
        '< answer',
        '> ended capture-end',
        '< ended capture-end',
        'closed capture-end',
      ],
    ],
    ['cut by the snap length', (c) => c.datagram(true, 'as', 7), [OPENED, '> as', '> gap 7 snap']],
    [
      'a new flow after a long silence',
      (c) => {
        c.datagram(true, 'a');
        c.view.time[0] = (c.view.time[0] ?? 0) + 301e6;
        c.datagram(true, 'b');
      },
      [OPENED, '> a', '> ended timeout', '< ended timeout', 'closed timeout', OPENED, '> b'],
    ],
  ]);
});
