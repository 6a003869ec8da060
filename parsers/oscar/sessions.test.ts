import { describeRows } from '../../test/support/parser-harness.ts';
import { OSCAR } from './definition.ts';
import { SESSIONS } from './sessions.fixture.ts';

describeRows(OSCAR, SESSIONS, { step: 3 });
