/** TCP told packet by packet; expected is everything the listener hears, in order. */
import { describe, expect, test } from 'vitest';
import { Disposition } from '../flow/disposition.ts';
import { Conversation, type ConversationOptions } from './conversation.fixture.ts';

type Scenario = [
  name: string,
  tell: (c: Conversation) => void,
  heard: string[],
  ConversationOptions?,
];

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
      ['opened', '> hello', '< world', '> ended fin', '< ended fin', 'closed fin'],
    ],
    [
      'FIN with data',
      (c) => c.handshake().client({ flags: 'F', seq: 1, ack: 1, data: 'bye' }),
      ['> bye', '> ended fin'],
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
      'FIN ahead of its data',
      (c) => c.handshake().client({ flags: 'F', seq: 4 }).client({ seq: 1, data: 'abc' }),
      ['> abc', '> ended fin'],
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
  ]);
});
