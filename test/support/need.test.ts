import { describe, expect, test } from 'vitest';
import { findTool, needs } from './need.ts';

const nowhere = { PATH: '/nonexistent' };

describe('needs', () => {
  test('nothing wanted, nothing missing', () => {
    expect(needs({}, nowhere)).toEqual({ skip: false, why: '' });
  });

  test('a tool that is there', () => {
    expect(needs({ tools: ['sh'] }, { PATH: '/bin' })).toEqual({ skip: false, why: '' });
    expect(findTool('sh', { PATH: '/nonexistent:/bin' })).toBe('/bin/sh');
  });

  test('a missing tool skips and says so', () => {
    const need = needs({ tools: ['no-such-program'] }, nowhere);
    expect(need).toEqual({ skip: true, why: ' (skipped: needs no-such-program)' });
  });

  test('SALLYPORT_REQUIRE_ALL=1 turns the skip into a failure', () => {
    const strict = { ...nowhere, SALLYPORT_REQUIRE_ALL: '1' };
    expect(() => needs({ tools: ['no-such-program'] }, strict)).toThrow(/needs no-such-program/);
    expect(() => needs({ tools: [] }, strict)).not.toThrow();
  });
});
