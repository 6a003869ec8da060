/** Google's push connection where TLS was taken away: vectors of ../shared/protocols. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  server,
} from '../../test/support/parser-harness.ts';
import { describeProbe, hostile } from '../../test/support/probe-harness.ts';
import { Direction, Status } from '../contract.ts';
import { MCS } from './definition.ts';

/** vectors.json, "login". */
const LOGIN = hex(
  '29023c0a096368726f6d652d3633120f6d63732e616e64726f69642e636f6d1a0331323322033132332a03343536320a616e64726f69642d37627001800102',
);
/** protobuf-im.md §2: a push for com.example. */
const PUSH = hex(
  "08 26 1a 04 '1045' 2a 0b 'com.example' 3a 0c 0a 03 'msg' 12 05 'hello' 4a 03 '0:1'",
);
const OTHER = hex("08 15 1a 04 '1045' 2a 0d 'org.other.app'");
const WORDS = hex("08 0e 1a 03 '104' 2a 07 'no name'");
const HEARTBEAT = hex('00 00');
const ACCEPTED = hex("29 03 05 0a 03 'abc'");

describeProbe(MCS, [
  { name: 'the vector', wire: LOGIN, at: 31 },
  { name: 'the server', direction: Direction.ToClient, wire: LOGIN },
  { name: 'in the middle', midstream: true, wire: LOGIN },
  { name: 'another version', wire: joined(hex('2a'), LOGIN.subarray(1)) },
  { name: 'another first message', wire: joined(hex('29 07'), LOGIN.subarray(2)) },
  { name: 'another domain', wire: hex("29 02 3c 0a 03 'abc' 12 0f 'mcs.android.net'") },
  { name: 'a length without end', wire: hex('29 02 ff ff ff ff 0a') },
  { name: 'text', wire: hex("'(x)'") },
]);

const login = {
  identify: {
    evidence: 'signature',
    signatures: ['google-mcs'],
    activity: 'push',
    reason: 'push',
    account: '123',
  },
};
const app = (name: string, start: number, end: number) => ({
  identify: {
    evidence: 'signature',
    signatures: [`app:${name}`],
    activity: 'push',
    reason: 'push',
    unit: {
      direction: Direction.ToClient,
      start,
      end,
      textStart: -1,
      textEnd: -1,
      head: 0,
      form: -1,
    },
  },
});

describeRows(MCS, [
  {
    name: 'a login and pushes: each app once',
    turns: [client(LOGIN), server(ACCEPTED, PUSH, HEARTBEAT, PUSH, WORDS, OTHER)],
    want: [login, app('com.example', 8, 48), app('org.other.app', 106, 129)],
  },
]);

describe('what is not right', () => {
  test('no more apps than a telephone has', () => {
    const many = Array.from({ length: 80 }, (_, i) => hex(`08 08 2a 06 'a.b${i + 100}'`));
    const { heard } = feed(MCS.create(flowContext()), [client(LOGIN), server(ACCEPTED, ...many)]);
    expect(heard).toHaveLength(1 + 64);
  });

  test.each([
    ['a tag that is none', hex('10 00')],
    ['a length without end', hex('08 ff ff ff ff ff')],
    ['a stanza of 2 MiB', hex('08 80 80 80 01')],
  ])('%s ends the reading', (_, wire) => {
    const parser = MCS.create(flowContext());
    const ear = new Ear();
    parser.push(Direction.ToServer, LOGIN.slice(), ear);
    expect(parser.push(Direction.ToServer, wire, ear)).toBe(Status.Lost);
    expect(ear.heard).toEqual([login]);
  });

  test('messages that are none are passed over', () => {
    const wire = joined(hex('29 02 02 0a ff 08 02 2a ff'), PUSH);
    const { heard } = feed(MCS.create(flowContext()), [client(wire)]);
    expect(heard).toHaveLength(1);
  });

  test('a gap ends the reading', () => {
    const parser = MCS.create(flowContext());
    feed(parser, [client(LOGIN)]);
    expect(parser.gap(Direction.ToClient, 5, new Ear())).toBe(Status.Lost);
  });

  test('what of a stanza has come is held back until it can be judged', () => {
    const parser = MCS.create(flowContext());
    feed(parser, [client(LOGIN), server(ACCEPTED, PUSH.subarray(0, 20))]);
    expect(parser.holdFrom(Direction.ToServer)).toBe(-1);
    expect(parser.holdFrom(Direction.ToClient)).toBe(ACCEPTED.length);
  });
});

hostile(MCS, [LOGIN, PUSH, joined(ACCEPTED, OTHER)], 16384 + 2 * 16384);
