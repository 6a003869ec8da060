import { expect, test } from 'vitest';
import { wantsColour } from './paint.ts';

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('terminal %s, %j', (isTerminal, environment, colour) => {
  expect(wantsColour(isTerminal, environment)).toBe(colour);
});
