import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type ProtocolDefinition,
  Status,
  type TransferOffer,
  type Unit,
} from '../contract.ts';
import { DCC_CHAT, DCC_SEND } from './definition.ts';

const { ToServer, ToClient } = Direction;
const OFFER: TransferOffer = {
  service: 'irc',
  account: 'ann',
  sender: 'ann',
  recipient: 'bob',
  senderListens: true,
  room: undefined,
  name: 'plan.txt',
  size: 10,
  offset: 0,
  mime: undefined,
  token: '5000',
  method: 'dcc',
  origin: 'client',
};

class Ear implements ParserSink {
  readonly heard: string[] = [];
  readonly texts: string[] = [];
  readonly units: Unit[] = [];
  event({ kind, origin, from, to, text, form, file, reason }: ImEvent, unit: Unit): VerdictRecord {
    this.units.push({ ...unit });
    const content =
      kind === 'message' ? `${form ?? ''}“${text}”` : `${file?.size} ${file?.sha256 ?? '-'}`;
    this.heard.push(`${kind} ${origin} ${from}>${to} ${content}${reason ? ` ${reason}` : ''}`);
    return { action: 'pass', enforced: false };
  }
  anomaly(name: string): void {
    this.heard.push(name);
  }
  expect(): void {}
  identify(): boolean {
    return false;
  }

  resolved(): void {}

  handOver(): void {}
}

/** Follows content by keeping it: its "hash" is the content itself. */
function context(offer: TransferOffer): FlowContext {
  return {
    transport: 'tcp',
    clientAddress: '10.0.0.2',
    clientPort: 40000,
    serverAddress: '10.0.0.1',
    serverPort: 5000,
    midstream: false,
    expected: { protocol: 'dcc-send', service: 'irc', offer },
    memory: new Map<string, unknown>(),
    follow: () => {
      let text = '';
      return {
        write: (octets) => {
          text += new TextDecoder('latin1').decode(octets);
        },
        finish: () => text,
        discard() {},
      };
    },
    expectedByToken: () => undefined,
  };
}

const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function open(protocol: ProtocolDefinition, changes: Partial<TransferOffer> = {}) {
  const parser: FlowParser = protocol.create(context({ ...OFFER, ...changes }));
  const ear = new Ear();
  const push = (direction: Direction, text: string): Status => {
    const lent = octets(text);
    const status = parser.push(direction, lent, ear);
    lent.fill(0xee);
    return status;
  };
  return { parser, ear, push };
}

const START = 'file.start client ann>bob 10 -';
const WHOLE = 'file.complete client ann>bob 10 0123456789';

describe('a file', () => {
  test('sent by who listens, acknowledged by who connects, in any pieces', () => {
    for (let at = 0; at <= 10; at++) {
      const { ear, push } = open(DCC_SEND);
      push(ToClient, '0123456789'.slice(0, at));
      push(ToServer, '\0\0\0');
      const last = push(ToClient, '0123456789'.slice(at));
      push(ToServer, '\x0a');
      expect(ear.heard, `cut at ${at}`).toEqual([START, WHOLE]);
      expect(at === 10 || last === Status.Done).toBe(true);
    }
  });

  test('sent by who connects: passive', () => {
    const { ear, push } = open(DCC_SEND, { senderListens: false, origin: 'server' });
    push(ToServer, '0123456789');
    expect(ear.heard).toEqual([START, WHOLE].map((said) => said.replace('client', 'server')));
  });

  test('resumed: only the tail passes, and the hash is of the tail', () => {
    const { ear, push } = open(DCC_SEND, { offset: 6 });
    expect(push(ToClient, '6789')).toBe(Status.Done);
    expect(ear.heard).toEqual([START, 'file.complete client ann>bob 10 6789']);
  });

  test('of unknown size ends with its stream', () => {
    const { ear, push, parser } = open(DCC_SEND, { size: undefined });
    push(ToClient, '0123456789');
    parser.end(ToServer, ear);
    parser.end(ToClient, ear);
    expect(ear.heard).toEqual(['file.start client ann>bob undefined -', WHOLE]);
  });

  test.each([
    ['cut short', '01234', [START, 'file.cancel client ann>bob 5 - incomplete']],
    ['never sent', '', [START, 'file.cancel client ann>bob 0 - incomplete']],
  ])('%s', (_name, sent, want) => {
    const { ear, push, parser } = open(DCC_SEND);
    push(ToClient, sent);
    parser.end(ToClient, ear);
    expect(ear.heard).toEqual(want);
  });

  test('empty', () => {
    const { ear, parser } = open(DCC_SEND, { size: 0 });
    parser.end(ToClient, ear);
    expect(ear.heard).toEqual(['file.start client ann>bob 0 -', 'file.complete client ann>bob 0 ']);
  });

  test('more than announced is named, and not content', () => {
    const { ear, push } = open(DCC_SEND);
    expect(push(ToClient, '0123456789abc')).toBe(Status.Done);
    expect(ear.heard).toEqual([START, 'dcc-beyond-size', WHOLE]);
  });

  test('with octets lost is complete without a hash, and says so', () => {
    const { ear, push, parser } = open(DCC_SEND);
    push(ToClient, '0123');
    parser.gap(ToClient, 4, ear);
    push(ToClient, '89');
    expect(ear.heard).toEqual([START, 'file.complete client ann>bob 10 - gap']);
  });

  test('a receiver that says more than acknowledgements is named once', () => {
    const { ear, push } = open(DCC_SEND);
    push(ToClient, '0');
    for (let i = 0; i < 20; i++) push(ToServer, 'xxxx');
    expect(ear.heard).toEqual([START, 'dcc-acknowledgements']);
  });
});

describe('a chat', () => {
  const wire = 'hi there\r\n\x01ACTION waves\x01\ncaf\xc3\xa9\n\ncaf\xe9\n';
  const want = ['“hi there”', 'action“waves”', '“café”', '“café”'];

  test('of either side, cut anywhere', () => {
    for (let at = 0; at <= wire.length; at++) {
      const { ear, push } = open(DCC_CHAT);
      push(ToClient, wire.slice(0, at));
      push(ToServer, 'yes\n');
      push(ToClient, wire.slice(at));
      const [own, other] = ['message client ann>bob ', 'message server bob>ann '];
      const expected = want.map((text) => own + text);
      expect(ear.heard.filter((said) => said.startsWith(own))).toEqual(expected);
      expect(ear.heard.filter((said) => said.startsWith(other))).toEqual([`${other}“yes”`]);
    }
  });

  test('units and text stand where they are', () => {
    const { ear, push } = open(DCC_CHAT);
    push(ToClient, wire);
    expect(
      ear.units.map(({ start, end, textStart, textEnd }) => [start, end, textStart, textEnd]),
    ).toEqual([
      [0, 10, 0, 8],
      [10, 25, 18, 23],
      [25, 31, 25, 30],
      [32, 37, -1, -1],
    ]);
  });

  test('the answer to a passive offer: the offerer connects', () => {
    const { ear, push } = open(DCC_CHAT, { senderListens: false });
    push(ToServer, 'hi\n');
    expect(ear.heard).toEqual(['message client ann>bob “hi”']);
  });

  test('holds from the unfinished line; forgets it at a gap; bounded', () => {
    const { ear, push, parser } = open(DCC_CHAT);
    push(ToClient, 'one\ntw');
    expect(parser.holdFrom(ToClient)).toBe(4);
    parser.gap(ToClient, 3, ear);
    push(ToClient, 'o\nthree\n');
    push(ToServer, 'x'.repeat(20_000));
    expect(ear.heard).toEqual([
      'message client ann>bob “one”',
      'message client ann>bob “three”',
      'dcc-line-skipped',
    ]);
    expect(parser.held()).toBeLessThanOrEqual(2048 + 2 * 16_384);
  });
});

test.each([DCC_SEND, DCC_CHAT])(
  '$name: any octets throw nothing and are held in bounds',
  (protocol) => {
    const piece = fc.tuple(
      fc.constantFrom(ToServer, ToClient),
      fc.uint8Array({ maxLength: 300 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.option(fc.nat({ max: 50 }), { nil: undefined }),
        (pieces, size) => {
          const { parser, ear } = open(protocol, { size });
          for (const [direction, lent, gap] of pieces) {
            if (gap) parser.gap(direction, lent.length, ear);
            parser.push(direction, lent, ear);
            expect(parser.held()).toBeLessThanOrEqual(2048 + 2 * 16_384);
          }
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          expect(
            ear.heard.filter((said) => said.startsWith('file.complete')).length,
          ).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  },
);
