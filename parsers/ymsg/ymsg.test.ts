/** YMSG from wire to events: whole, octet by octet, cut everywhere. */
import { describe } from 'vitest';
import { describeRows } from '../../test/support/parser-harness.ts';
import { YMSG } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { FILES } from './files.fixture.ts';
import { MESSAGES, ROOMS } from './messages.fixture.ts';
import { CONTACTS, SESSIONS } from './sessions.fixture.ts';

describe('sessions and lists', () => describeRows(YMSG, SESSIONS));
describe('contacts and presence', () => describeRows(YMSG, CONTACTS));
describe('messages', () => describeRows(YMSG, MESSAGES));
describe('conferences, chat rooms, calls', () => describeRows(YMSG, ROOMS));
describe('files', () => describeRows(YMSG, FILES));
describe('evasions', () => describeRows(YMSG, EVASIONS));
