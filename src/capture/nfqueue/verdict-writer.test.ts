import { beforeEach, describe, expect, test } from 'vitest';
import { VerdictWriter } from './verdict-writer.ts';

const QUEUE = 0x0104;

interface Seen {
  readonly type: number;
  readonly queue: number;
  readonly verdict: number;
  readonly id: number;
  readonly mark?: number;
  readonly payload?: readonly number[];
}

/** Reads messages as the kernel would (nlmsg_parse), to the last octet. */
function messages(octets: Buffer): Seen[] {
  const seen: Seen[] = [];
  for (let at = 0; at < octets.length; ) {
    const length = octets.readUInt32LE(at);
    expect(length).toBeGreaterThanOrEqual(20);
    expect(octets.readUInt16LE(at + 6)).toBe(1); // NLM_F_REQUEST: no acknowledgement wanted
    const fields = new Map<number, Buffer>();
    for (let a = at + 20; a < at + length; ) {
      const size = octets.readUInt16LE(a);
      fields.set(octets.readUInt16LE(a + 2), octets.subarray(a + 4, a + size));
      a += (size + 3) & ~3;
      expect(a).toBeLessThanOrEqual(at + length);
    }
    const header = fields.get(2);
    const mark = fields.get(3);
    const payload = fields.get(10);
    seen.push({
      type: octets.readUInt16LE(at + 4),
      queue: octets.readUInt16BE(at + 18),
      verdict: header?.readUInt32BE(0) ?? -1,
      id: header?.readInt32BE(4) ?? -1,
      ...(mark && { mark: mark.readUInt32BE(0) }),
      ...(payload && { payload: [...payload] }),
    });
    at += length;
  }
  return seen;
}

const VERDICT = 0x301;
const BATCH = 0x303;
const accept = (id: number, type = VERDICT): Seen => ({ type, queue: QUEUE, verdict: 1, id });
const drop = (id: number): Seen => ({ type: VERDICT, queue: QUEUE, verdict: 0, id });

let sent: Seen[][];
let writer: VerdictWriter;

beforeEach(() => {
  sent = [];
  writer = new VerdictWriter(QUEUE, (buffer, length) => {
    sent.push(messages(Buffer.from(buffer.subarray(0, length))));
    buffer.fill(0xee, 0, length); // what was sent is not needed any more
  });
});

test('the octets of a verdict, as the kernel headers have them', () => {
  let octets = '';
  const plain = new VerdictWriter(4, (buffer, length) => {
    octets = Buffer.from(buffer.subarray(0, length)).toString('hex');
  });
  plain.acceptMarked(0x01020304, 0x10000000);
  plain.flush();
  expect(octets).toBe(
    ['28000000', '0103', '0100', '00000000', '00000000'].join('') + // nlmsghdr
      ['00', '00', '0004'].join('') + // nfgenmsg
      ['0c00', '0200', '00000001', '01020304'].join('') + // NFQA_VERDICT_HDR
      ['0800', '0300', '10000000'].join(''), // NFQA_MARK
  );
});

describe('packets that go on as they are', () => {
  test('one message for a run, up to its last id', () => {
    for (const id of [5, 6, 7]) writer.accept(id, false);
    expect(sent).toEqual([]);
    writer.flush();
    expect(sent).toEqual([[accept(7, BATCH)]]);
  });

  test('a single one is named', () => {
    writer.accept(5, false);
    writer.flush();
    expect(sent).toEqual([[accept(5)]]);
  });

  test('each is named while an earlier one has no verdict', () => {
    writer.accept(5, false);
    writer.accept(6, false);
    writer.endRun(); // 7 is kept
    writer.accept(8, true);
    writer.accept(9, true);
    writer.flush();
    expect(sent).toEqual([[accept(6, BATCH), accept(8), accept(9)]]);
  });

  test('nothing to say, nothing sent', () => {
    writer.flush();
    writer.endRun();
    writer.flush();
    expect(sent).toEqual([]);
  });
});

test('verdicts take effect in the order of the packets', () => {
  writer.accept(1, false);
  writer.accept(2, false);
  writer.drop(3);
  writer.accept(4, false);
  writer.acceptMarked(5, 0x80000000);
  writer.acceptChanged(6, 9, Uint8Array.of(0xff, 1, 2, 3, 4, 5, 0xff), 1, 6);
  writer.accept(7, false);
  writer.flush();
  expect(sent).toEqual([
    [
      accept(2, BATCH),
      drop(3),
      accept(4),
      { ...accept(5), mark: 0x80000000 },
      { ...accept(6), mark: 9, payload: [1, 2, 3, 4, 5] },
      accept(7),
    ],
  ]);
});

test('at the end everything goes on, whatever was gathered', () => {
  writer.accept(1, false);
  writer.acceptUntil(0x40000000);
  writer.flush();
  expect(sent).toEqual([[accept(0x40000000, BATCH)]]);
});

test('large packets are sent when there is no room for the next, none is lost', () => {
  const octets = Uint8Array.from({ length: 65_531 }, (_, i) => i & 255);
  for (let id = 0; id < 9; id++) writer.acceptChanged(id, 0, octets, 0, octets.length);
  writer.flush();
  expect(sent.length).toBeGreaterThan(1);
  expect(sent.flat().map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (const { payload } of sent.flat()) expect(Uint8Array.from(payload ?? [])).toEqual(octets);
});
