import { describeRows } from '../../test/support/parser-harness.ts';
import { OSCAR } from './definition.ts';
import { EVASIONS } from './evasions.fixture.ts';
import { ICQ } from './icq.fixture.ts';
import { ICONS, LISTS, ROOMS } from './lists.fixture.ts';
import { MESSAGES } from './messages.fixture.ts';

describeRows(OSCAR, [...MESSAGES, ...LISTS, ...ROOMS, ...ICONS, ...ICQ, ...EVASIONS], { step: 5 });
