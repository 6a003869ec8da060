/** A refused packet vanishes from the stream and takes nothing else with it. */
import { describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import {
  client,
  type Ear,
  feed,
  flowContext,
  type Heard,
  neutralised,
  octets,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction } from '../contract.ts';
import { YMSG, YMSG_HTTP } from './definition.ts';
import { FILES } from './files.fixture.ts';
import { MESSAGES, ROOMS } from './messages.fixture.ts';
import { neutralisePacket } from './neutral.ts';
import { Pairs } from './pairs.ts';
import { CONTACTS } from './sessions.fixture.ts';
import { packet, served } from './ymsg.fixture.ts';

const SIGNED_IN: readonly Turn[] = [
  client(packet(0x57, '1=ann'), packet(0x54, '0=ann|1=ann|6=x')),
  server(served(0x55, '87=Friends:dave|3=ann', { status: 0 })),
];
const rows = [...MESSAGES, ...ROOMS, ...FILES, ...CONTACTS].filter(
  ({ name }) => !name.includes('versions it does not'),
);
const need = needs({ tools: ['tshark'] });

/** What tells events apart, without what a refused one would have taught about them. */
function told(ear: Ear): Heard[] {
  return ear.events.map(({ kind, from, to, room, text, contact, origin }) => ({
    ...{ kind, from, to, room, text, contact, origin },
  }));
}

describe.each(rows.map((row) => [row.name, row] as const))('%s', (_, { turns }) => {
  const all = [...SIGNED_IN, ...turns];
  const whole = feed(YMSG.create(flowContext()), all);
  const units = new Map<string, number[]>();
  whole.units.forEach(({ direction, start }, i) => {
    units.set(`${direction} ${start}`, [...(units.get(`${direction} ${start}`) ?? []), i]);
  });
  const cases = [...units.values()].filter((events) => {
    const { kind, origin } = whole.events[events[0] ?? 0] ?? {};
    // What is told later builds upon these: who is signed in, who is on the list.
    return kind !== 'session.login' && !(kind === 'contact.add' && origin === 'server');
  });

  test.each(
    cases.map((events) => [events.map((i) => whole.events[i]?.kind).join(', '), events] as const),
  )('without %s', (_, events) => {
    let i = -1;
    const refuse = () => events.includes(++i);
    const forwarded = neutralised(YMSG, all, refuse, { step: 5 });
    const again = feed(YMSG.create(flowContext()), forwarded);
    const left = told(whole).filter((_, n) => !events.includes(n));
    expect(told(again)).toEqual(left);
    expect(again.heard.filter((said) => 'anomaly' in said)).toEqual([]);
    expect(forwarded.map(({ wire }) => wire.length)).toEqual(all.map(({ wire }) => wire.length));
  });
});

const said = packet(6, '1=ann|5=bob|14=falcon', { session: 0x11223344, status: 0x5a55aa56 });

test('header, status and session stay, the service is a ping, no pair is left', () => {
  const [turn] = neutralised(YMSG, [client(said)], () => true);
  const wire = turn?.wire ?? said;
  expect(wire.subarray(0, 10)).toEqual(said.subarray(0, 10));
  expect([...wire.subarray(10, 12)]).toEqual([0, 0x12]);
  expect(wire.subarray(12, 20)).toEqual(said.subarray(12, 20));
  expect(wire.subarray(20).every((octet) => octet === 0)).toBe(true);
  const pairs = new Pairs();
  pairs.read(wire, 20, wire.length);
  expect(pairs.size).toBe(0);
});

test('of a packet whose beginning has passed, the value under way is lost', () => {
  const late = said.slice();
  const from = late.length - 5;
  neutralisePacket(late.subarray(from), from, {
    ...{ direction: Direction.ToServer, length: late.length, head: 20, form: 0 },
  });
  const { heard } = feed(YMSG.create(flowContext()), [client(late)]);
  expect(JSON.stringify(heard)).not.toContain('falcon');
  expect(heard).toContainEqual({ anomaly: 'ymsg-unterminated' });
});

test('inside HTTP the same, and the HTTP message stays whole', () => {
  const head = (n: number) => octets(`POST /notify HTTP/1.0\r\nContent-Length: ${n}\r\n\r\n`);
  const other = packet(6, '1=ann|5=bob|14=hi');
  const turns = [
    client(head(said.length + other.length), said, other),
    client(head(other.length), other),
  ];
  const forwarded = neutralised(YMSG_HTTP, turns, ({ text }) => text === 'falcon');
  const { events } = feed(YMSG_HTTP.create(flowContext()), forwarded);
  expect(events.map(({ text }) => text)).toEqual(['hi', 'hi']);
});

describe.skipIf(need.skip)(`tshark${need.why}`, () => {
  test('reads what follows a refused message, offer and request in the same stream', async () => {
    const turns = [
      client(
        said,
        packet(0xdc, '1=ann|5=bob|265=t|222=1|27=a|28=1'),
        packet(0x83, '1=ann|7=bob|65=x'),
      ),
      server(served(6, '4=bob|5=ann|14=falcon|97=1'), served(6, '4=bob|5=ann|14=last|97=1')),
      client(packet(6, '1=ann|5=bob|14=last')),
    ];
    const refused = /^(?:file\.offer|contact\..*)$/;
    const forwarded = neutralised(
      YMSG,
      turns,
      ({ kind, text }) => text === 'falcon' || refused.test(kind),
    );
    const found = await tsharkFields(captureOf(forwarded, { port: 5050 }), {
      filter: 'ymsg',
      fields: ['ymsg.service', 'ymsg.len', 'ymsg.content-line.value'],
    });
    expect(found.flatMap(([services]) => services ?? []).map(Number)).toEqual([
      ...[0x12, 0x12, 0x12, 0x12, 0x06, 0x06],
    ]);
    const texts = found.flatMap(([, , values]) => values ?? []);
    expect(texts.filter((text) => text === 'last')).toHaveLength(2);
    expect(texts.join(' ')).not.toContain('falcon');
  });
});
