import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Direction, Status } from '../contract.ts';
import { DCC } from './dcc.fixture.ts';
import { IRC } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { conversation, cut, Ear, feed, flowContext, octets, type Turn } from './irc.fixture.ts';
import { MESSAGES } from './messages.fixture.ts';
import { IrcParser } from './parser.ts';
import { PRESENCE } from './presence.fixture.ts';
import { ROOMS } from './rooms.fixture.ts';
import { SESSIONS } from './sessions.fixture.ts';
import { TAGGED } from './tagged.fixture.ts';

const parser = () => new IrcParser(flowContext());
const ALL = [...MESSAGES, ...TAGGED, ...ROOMS, ...PRESENCE, ...SESSIONS, ...DCC, ...EVASIONS];

describe.each(ALL)('$name', ({ turns, want }) => {
  const said = conversation(...turns);

  test('whole', () => expect(feed(parser(), said).heard).toEqual(want));

  test('octet by octet', () => {
    expect(feed(parser(), said, (length) => [...Array(length).keys()]).heard).toEqual(want);
  });

  test('every turn cut in two everywhere', () => {
    const longest = Math.max(...said.map(({ wire }) => wire.length));
    for (let at = 1; at < longest; at += 3) {
      expect(feed(parser(), said, () => [at]).heard, `cut at ${at}`).toEqual(want);
    }
  });

  test('every prefix says a prefix of it', () => {
    const last = said.at(-1);
    if (last === undefined) return;
    for (let length = 0; length < last.wire.length; length += 2) {
      const wire = last.wire.subarray(0, length);
      const { heard } = feed(parser(), [...said.slice(0, -1), { ...last, wire }]);
      expect(want.slice(0, heard.length), `${length} octets of the last turn`).toEqual(heard);
    }
  });
});

test('units are the lines, text is where it stands', () => {
  const wire = octets(
    'PRIVMSG bob :caf\u00c3\u00a9\r\nPRIVMSG bob :\x02b\r\n\x0aPRIVMSG bob,#x last\n',
  );
  const ear = feed(parser(), [{ direction: Direction.ToServer, wire }]);
  const shown = ear.units.map(({ start, end, textStart, textEnd }) => {
    const text =
      textStart === -1 ? '-' : new TextDecoder().decode(wire.subarray(textStart, textEnd));
    return `${start}-${end} ${text}`;
  });
  expect(shown).toEqual(['0-20 café', '20-37 -', '38-58 last', '38-58 last']);
});

test('the watermark is the start of the unfinished line, or of a message in a batch', () => {
  const irc = parser();
  const ear = new Ear();
  const push = (text: string) => irc.push(Direction.ToServer, octets(text), ear);
  push('NICK ann\r\nPRI');
  expect(irc.holdFrom(Direction.ToServer)).toBe(10);
  push('VMSG bob :x\r\n');
  expect(irc.holdFrom(Direction.ToServer)).toBe(-1);
  push('BATCH +1 draft/multiline bob\r\n@batch=1 PRIVMSG bob :y\r\nBATCH');
  expect(irc.holdFrom(Direction.ToServer)).toBe(26);
  push(' -1\r\n');
  expect(irc.holdFrom(Direction.ToServer)).toBe(-1);
  expect(ear.units.at(-1)).toMatchObject({ start: 26, end: 91 });
});

test('a gap costs the line it hits, and only in its direction', () => {
  const irc = parser();
  const ear = new Ear();
  irc.push(Direction.ToClient, octets(':a!a@h PRIVMSG b :wh'), ear);
  irc.push(Direction.ToServer, octets('PRIVMSG c :lo'), ear);
  irc.gap(Direction.ToServer, 5, ear);
  irc.push(Direction.ToServer, octets('st\r\nPRIVMSG c :kept\r\n'), ear);
  irc.push(Direction.ToClient, octets('ole\r\n'), ear);
  expect(ear.heard.map(({ text }) => text)).toEqual(['kept', 'whole']);
  expect(ear.units[0]).toMatchObject({ start: 22, end: 39 });
});

test('an unfinished batch is said when the stream has a gap or ends', () => {
  const irc = parser();
  const ear = new Ear();
  const batch = octets('BATCH +1 draft/multiline bob\r\n@batch=1 PRIVMSG bob :y\r\n');
  irc.push(Direction.ToServer, batch, ear);
  irc.gap(Direction.ToServer, 1, ear);
  irc.push(Direction.ToServer, octets('\n'), ear);
  irc.push(Direction.ToServer, batch, ear);
  irc.end(Direction.ToServer, ear);
  expect(ear.heard.map(({ text }) => text)).toEqual(['y', 'y']);
});

test('the last ERROR before the end is the end', () => {
  const irc = parser();
  const ear = feed(irc, conversation('S: :s 001 ann :W', 'S: ERROR :"bye"'));
  irc.end(Direction.ToClient, ear);
  expect(ear.heard.at(-1)).toMatchObject({
    kind: 'session.logout',
    account: 'ann',
    reason: '"bye"',
  });
});

test('picked up in the middle: nick from numerics, marks from the texts, half lines are no commands', () => {
  const irc = new IrcParser(flowContext({ midstream: true }));
  const ear = feed(irc, [
    { direction: Direction.ToClient, wire: octets('ered text\r\n:s 303 ann :bob\r\n') },
    {
      direction: Direction.ToClient,
      wire: octets(':bob!b@h PRIVMSG #x :+one\r\n:bob!b@h PRIVMSG #x :two\r\n'),
    },
    { direction: Direction.ToClient, wire: octets(':bob!b@h PRIVMSG #x :+three\r\n') },
  ]);
  expect(ear.heard.map(({ account, text }) => [account, text])).toEqual([
    ['ann', undefined],
    ['ann', 'one'],
    ['ann', 'two'],
    ['ann', '+three'],
  ]);
});

test('TLS after an unanswered STARTTLS is handed over: a one-sided capture', () => {
  const irc = parser();
  const ear = new Ear();
  expect(irc.push(Direction.ToServer, octets('STARTTLS\r\n'), ear)).toBe(Status.More);
  expect(irc.push(Direction.ToServer, octets('\x16\x03\x01'), ear)).toBe(Status.HandOver);
  expect(ear.heard).toEqual([{ handOver: 'tls', reason: 'starttls' }]);
});

test('lines too long are read and named, beyond the limit skipped and named', () => {
  const ear = new Ear();
  const irc = parser();
  irc.push(Direction.ToServer, octets(`PRIVMSG bob :${'x'.repeat(600)}\r\n`), ear);
  irc.push(
    Direction.ToServer,
    octets(`PRIVMSG bob :${'x'.repeat(20_000)}\r\nPRIVMSG bob :y\r\n`),
    ear,
  );
  expect(ear.heard.map((said) => said.anomaly ?? String(said.text).length)).toEqual([
    'irc-line-too-long',
    600,
    'irc-line-skipped',
    1,
  ]);
});

test('refused lines, neutralised and read again, leave exactly what the others say', () => {
  const wire = octets(
    'NICK ann\r\nPRIVMSG bob :good\r\nPRIVMSG bob :bad 1\nPRIVMSG #x,carl :bad 22\r\nPRIVMSG bob :fine\r\nBATCH +1 draft/multiline bob\r\n@batch=1 PRIVMSG bob :bad\r\nBATCH -1\r\nPRIVMSG bob :end\r\n',
  );
  const first = feed(parser(), [{ direction: Direction.ToServer, wire }]);
  const bad = (i: number) => String(first.heard[i]?.text).startsWith('bad');
  const filtered = Uint8Array.from(wire);
  first.units.forEach(({ start, end }, i) => {
    if (!bad(i)) return;
    for (let at = start; at < end; at += 7) {
      const unit = { direction: Direction.ToServer, length: end - start, head: 0, form: 0 };
      IRC.neutralise?.(filtered.subarray(at, Math.min(at + 7, end)), at - start, unit);
    }
  });
  const again = feed(parser(), [{ direction: Direction.ToServer, wire: filtered }]);
  expect(first.heard.filter((_, i) => bad(i))).toHaveLength(4);
  expect(again.heard).toEqual(first.heard.filter((_, i) => !bad(i)));
});

describe('any octets', () => {
  const words = [
    'PRIVMSG',
    'NICK',
    'a',
    ' ',
    ':',
    '@batch=1',
    'BATCH',
    '+1',
    '-1',
    'draft/multiline',
  ];
  const more = [
    '#x',
    ',',
    '!',
    '\r',
    '\n',
    '\x01',
    'DCC SEND',
    '0',
    '1',
    '"',
    'CAP',
    '001',
    'ISON',
    '\0',
  ];
  const ircish = fc
    .array(fc.constantFrom(...words, ...more, 'A'.repeat(3000)), { maxLength: 60 })
    .map((parts) => octets(parts.join('')));
  const turn = fc.record({
    direction: fc.constantFrom(Direction.ToServer, Direction.ToClient),
    wire: fc.oneof(fc.uint8Array({ maxLength: 200 }), ircish),
  });

  test('cut anywhere say the same, throw nothing, hold little', () => {
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), fc.array(fc.nat()), (turns, cuts) => {
        const irc = parser();
        const pieces = (length: number) => cuts.map((at) => at % (length + 1));
        const said = feed(irc, turns, pieces).heard;
        expect(irc.held()).toBeLessThan(2 * 16_384 + 200_000);
        expect(said).toEqual(feed(parser(), turns).heard);
      }),
      { numRuns: 200 },
    );
  });
});

test('a line makes a bounded number of events', () => {
  const targets = Array.from({ length: 300 }, (_, i) => `n${i}`).join(',');
  const offers = '\x01DCC SEND f 16843009 1 2\x01'.repeat(100);
  const wire = octets(`PRIVMSG ${targets} :${offers}\r\n`);
  const { heard } = feed(parser(), [{ direction: Direction.ToServer, wire }]);
  expect(heard.filter(({ kind }) => kind !== undefined).length).toBeLessThanOrEqual(257);
  expect(heard).toContainEqual({ anomaly: 'irc-too-many-targets' });
});

test('tables do not grow with what is thrown at them', () => {
  const irc = parser();
  const ear = new Ear();
  const lines: Turn[] = [];
  for (let i = 0; i < 3000; i++) {
    const line = `JOIN #room${i}\r\nMONITOR + nick${i}\r\nBATCH +b${i} draft/multiline x\r\nPRIVMSG n${i} :\x01DCC SEND f 1.2.3.4 ${i + 1} 1\x01\r\n`;
    lines.push({ direction: Direction.ToServer, wire: octets(line) });
  }
  feed(irc, lines, undefined, ear);
  expect(irc.held()).toBeLessThan(400_000);
  expect(cut(new Uint8Array(3), [1]).length).toBe(2);
});
