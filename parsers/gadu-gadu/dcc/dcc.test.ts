import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  octets,
  sha256,
} from '../../../test/support/parser-harness.ts';
import { Direction, type FlowContext, Probe, Status, type TransferOffer } from '../../contract.ts';
import { GG_DCC, GG_RELAY } from './definition.ts';

const { ToServer, ToClient } = Direction;
const TOKEN = '0807060504030201';
const ID = hex('08 07 06 05 04 03 02 01');
const CONTENT = octets('0123456789');
const SHA1 = createHash('sha1').update(CONTENT).digest('hex');
const OFFER: TransferOffer = {
  service: 'gadu-gadu',
  account: '1',
  sender: '1',
  recipient: '2',
  senderListens: true,
  room: undefined,
  name: 'plan.pdf',
  size: 10,
  offset: 0,
  mime: undefined,
  token: TOKEN,
  method: 'gg',
  origin: 'client',
};

function context(changes: Partial<TransferOffer> = {}, sha1: string | null = SHA1): FlowContext {
  const flow = flowContext({
    expected: { protocol: 'gg-dcc', service: 'gadu-gadu', offer: { ...OFFER, ...changes } },
  });
  if (sha1 !== null) flow.memory.set(`sha1 ${TOKEN}`, sha1);
  return flow;
}

const file = { name: 'plan.pdf', size: 10, method: 'gg', token: TOKEN, endpoint: '10.0.0.2:5000' };
const common = { origin: 'client', account: '1', from: '1', to: ['2'], route: 'direct' };
const started = { kind: 'file.start', ...common, file };
const whole = { kind: 'file.complete', ...common, file: { ...file, sha256: sha256(CONTENT) } };
const to = (direction: Direction, ...parts: Uint8Array[]) => ({
  direction,
  wire: joined(...parts),
});

describe('direct', () => {
  test('both say the identifier, then the sender sends, in any pieces', () => {
    for (let at = 0; at < 18; at++) {
      const turns = [to(ToServer, ID), to(ToClient, ID, CONTENT)];
      expect(feed(GG_DCC.create(context()), turns, () => [at]).heard, `cut at ${at}`).toEqual([
        started,
        whole,
      ]);
    }
  });

  test('the sender connects; the unit is the content', () => {
    const ear = feed(GG_DCC.create(context({ senderListens: false })), [to(ToServer, ID, CONTENT)]);
    expect(ear.heard).toEqual([started, whole]);
    expect(ear.units.at(-1)).toMatchObject({ direction: ToServer, start: 8, end: 18, form: -1 });
  });

  test('another identifier than announced is another connection', () => {
    const parser = GG_DCC.create(context());
    expect(parser.push(ToClient, hex('00 07 06 05 04 03 02 01'), new Ear())).toBe(Status.Lost);
  });

  test('from an offset only the rest passes; nothing is compared', () => {
    const heard = feed(GG_DCC.create(context({ offset: 6 })), [
      to(ToClient, ID, CONTENT.subarray(6)),
    ]).heard;
    expect(heard.at(-1)).toEqual({
      ...whole,
      file: { ...file, offset: 6, sha256: sha256(CONTENT.subarray(6)) },
    });
  });

  test('a file that is not the one that was offered', () => {
    const heard = feed(GG_DCC.create(context({}, 'ab'.repeat(20))), [
      to(ToClient, ID, CONTENT),
    ]).heard;
    const name = 'gg-file-hash-differs';
    expect(heard).toEqual([started, { anomaly: name }, { ...whole, anomalies: [name] }]);
  });

  test('what the other side says, and what comes after the size, is named', () => {
    const turns = [to(ToServer, ID, CONTENT), to(ToClient, ID, CONTENT, CONTENT)];
    expect(feed(GG_DCC.create(context()), turns).heard).toEqual([
      { anomaly: 'gg-both-directions' },
      started,
      { anomaly: 'gg-beyond-size' },
      whole,
    ]);
  });

  test('cut short, with octets missing, empty, or never sent', () => {
    const run = (changes: Partial<TransferOffer>, ...steps: (Uint8Array | number)[]) => {
      const parser = GG_DCC.create(context(changes, null));
      const ear = new Ear();
      for (const step of steps) {
        if (typeof step === 'number') parser.gap(ToClient, step, ear);
        else parser.push(ToClient, step, ear);
      }
      parser.end(ToServer, ear);
      parser.end(ToClient, ear);
      return ear.heard.map(({ kind, reason, file: of }) => [
        kind,
        reason,
        (of as { size?: number }).size,
      ]);
    };
    expect(run({}, ID, CONTENT.subarray(0, 4))).toEqual([
      ['file.start', undefined, 10],
      ['file.cancel', 'incomplete', 4],
    ]);
    expect(run({}, ID, CONTENT.subarray(0, 4), 3, CONTENT.subarray(7))).toEqual([
      ['file.start', undefined, 10],
      ['file.complete', 'gap', 10],
    ]);
    expect(run({ size: 0 }, ID)).toEqual([
      ['file.start', undefined, 0],
      ['file.complete', undefined, 0],
    ]);
    expect(run({ size: undefined }, ID, CONTENT)).toEqual([
      ['file.start', undefined, undefined],
      ['file.complete', undefined, 10],
    ]);
    expect(run({}, ID)).toEqual([]);
  });
});

describe('over a relay', () => {
  const hello = joined(hex('be ba de c0'), ID);
  test('the identifier finds the offer', () => {
    const flow: FlowContext = {
      ...flowContext(),
      expectedByToken: (token) =>
        token === TOKEN
          ? {
              protocol: 'gg-relay',
              service: 'gadu-gadu',
              offer: { ...OFFER, senderListens: undefined },
            }
          : undefined,
    };
    const turns = [to(ToServer, hello), to(ToClient, hello), to(ToServer, CONTENT)];
    expect(feed(GG_RELAY.create(flow), turns, () => [1, 5, 9]).heard).toEqual([started, whole]);
  });

  test('without an offer nobody is known, and the end of the stream is the end of the file', () => {
    const parser = GG_RELAY.create(flowContext());
    const ear = feed(parser, [to(ToServer, hello, CONTENT), to(ToClient, hello)]);
    parser.end(ToServer, ear);
    const known = { method: 'gg', token: TOKEN, endpoint: '10.0.0.2:5000' };
    expect(ear.heard).toEqual([
      { kind: 'file.start', origin: 'client', route: 'direct', file: known },
      {
        kind: 'file.complete',
        origin: 'client',
        route: 'direct',
        file: { ...known, size: 10, sha256: sha256(CONTENT) },
      },
    ]);
  });

  test('the probe wants the magic and the identifier, in either direction', () => {
    const probe = (wire: Uint8Array, midstream = false) =>
      GG_RELAY.probe?.(ToServer, wire, midstream);
    expect(probe(hello)).toBe(Probe.Yes);
    expect(probe(hello.subarray(0, 11))).toBe(Probe.More);
    expect(probe(hex('be ba de c1'))).toBe(Probe.No);
    expect(probe(hello, true)).toBe(Probe.No);
  });
});

test.each([GG_DCC, GG_RELAY])(
  '$name: any octets throw nothing and are held in bounds',
  (protocol) => {
    const piece = fc.tuple(
      fc.constantFrom(ToServer, ToClient),
      fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(ID)),
      fc.boolean(),
    );
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.option(fc.nat({ max: 50 }), { nil: undefined }),
        (pieces, size) => {
          const parser = protocol.create(context({ size, senderListens: undefined }));
          const ear = new Ear();
          for (const [direction, lent, gap] of pieces) {
            if (gap) parser.gap(direction, lent.length, ear);
            parser.push(direction, lent, ear);
            expect(parser.held()).toBeLessThanOrEqual(4096);
          }
          parser.end(ToServer, ear);
          parser.end(ToClient, ear);
          expect(
            ear.heard.filter(({ kind }) => kind === 'file.complete').length,
          ).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  },
);
