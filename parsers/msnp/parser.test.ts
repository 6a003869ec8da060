/** What is made of MSNP: tables of conversations, however their octets come. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  feed,
  flowContext,
  joined,
  server,
} from '../../test/support/parser-harness.ts';
import { CONTACTS } from './contacts.fixture.ts';
import { CONVERSATIONS } from './conversations.fixture.ts';
import { MSNP } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { SESSIONS } from './sessions.fixture.ts';
import { SIGN_IN } from './wire.fixture.ts';

describe('sessions', () => describeRows(MSNP, SESSIONS, { step: 3 }));
describe('contacts', () => describeRows(MSNP, CONTACTS, { step: 3 }));
describe('conversations', () => describeRows(MSNP, CONVERSATIONS, { step: 3 }));
describe('evasions', () => describeRows(MSNP, EVASIONS, { step: 3 }));

test('notices of what waits carry no content, and say so', () => {
  const row = SESSIONS.find(({ name }) => name.startsWith('notices'));
  const ear = feed(MSNP.create(flowContext()), row?.turns ?? []);
  const notices = ear.events.filter(({ kind }) => kind === 'message');
  expect(notices.map(({ visibility }) => visibility)).toEqual(['metadata', 'metadata']);
});

test('no secret of a sign-in is in an event', () => {
  for (const row of SESSIONS) {
    const ear = feed(MSNP.create(flowContext()), row.turns);
    expect(JSON.stringify(ear.heard)).not.toMatch(/secret|0123abcd|nonce/);
  }
});

test('a text that stands verbatim in the stream is where its unit says', () => {
  let found = 0;
  for (const { turns } of [...SESSIONS, ...CONVERSATIONS, ...EVASIONS]) {
    const ear = feed(MSNP.create(flowContext()), turns);
    ear.units.forEach(({ direction, textStart, textEnd, start, end, head }, i) => {
      if (textStart === -1) return;
      found += 1;
      const stream = joined(...turns.filter((t) => t.direction === direction).map((t) => t.wire));
      const text = new TextDecoder().decode(stream.subarray(textStart, textEnd));
      expect(text).toBe(ear.events[i]?.text);
      expect(textStart).toBeGreaterThanOrEqual(start + head);
      expect(textEnd).toBeLessThanOrEqual(end);
    });
  }
  expect(found).toBeGreaterThan(10);
});

test('a switchboard’s version is known by the ticket that the notification server gave out', () => {
  const memory = new Map<string, unknown>();
  const context = flowContext({ memory });
  feed(MSNP.create(context), [
    client(SIGN_IN.client),
    server(SIGN_IN.server, 'XFR 9 SB 10.0.0.9:1864 CKI 1.2.3 U messenger.msn.com 1\r\n'),
  ]);
  const heard = (ticket: string) =>
    feed(MSNP.create(context), [
      client(`USR 1 alice@retro.test ${ticket}\r\nCAL 2 bob@retro.test\r\n`),
    ]).heard.at(-1)?.protocolVersion;
  expect(heard('1.2.3')).toBe('15');
  expect(heard('3.2.1')).toBeUndefined();
});
