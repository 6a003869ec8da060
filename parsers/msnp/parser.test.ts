/** What is made of MSNP: tables of conversations, however their octets come. */
import { describe, expect, test } from 'vitest';
import { describeRows, feed, flowContext } from '../../test/support/parser-harness.ts';
import { CONTACTS } from './contacts.fixture.ts';
import { CONVERSATIONS } from './conversations.fixture.ts';
import { MSNP } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { SESSIONS } from './sessions.fixture.ts';

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
