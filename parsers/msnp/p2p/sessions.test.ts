import { describeRows } from '../../../test/support/parser-harness.ts';
import { MSN_DIRECT } from '../direct/definition.ts';
import { CONTENTS, EVASIONS } from './contents.fixture.ts';
import { SESSIONS } from './sessions.fixture.ts';

// A direct connection carries the packets as they are: the same reader as in a conversation.
describeRows(MSN_DIRECT, [...SESSIONS, ...CONTENTS, ...EVASIONS], { step: 29 });
