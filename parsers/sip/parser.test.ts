import { describeRows } from '../../test/support/parser-harness.ts';
import { CALLS } from './calls.fixture.ts';
import { SIP } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { MESSAGES, PARTIES } from './messages.fixture.ts';
import { PRESENCE } from './presence.fixture.ts';
import { SESSIONS } from './sessions.fixture.ts';

const ROWS = [...MESSAGES, ...PARTIES, ...SESSIONS, ...PRESENCE, ...CALLS, ...EVASIONS];
// Whole and octet by octet at every place, cut in two at every eleventh: the rows are long.
describeRows(SIP, ROWS, { step: 11 });
