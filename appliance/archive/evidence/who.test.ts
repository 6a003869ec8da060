import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { actor } from './who.ts';

describe('who acts', () => {
  test('is the user of the process, with its number, host and program', () => {
    const { who, host } = actor('sallyport archive search', {});
    expect(who).toMatch(/^\S+ \(uid \d+\), sallyport archive search$/);
    expect(host).toBe(hostname());
  });

  test('names the caller behind sudo', () => {
    const { who } = actor('sallyport archive purge', { SUDO_USER: 'alice', SUDO_UID: '1000' });
    expect(who).toMatch(/, sudo by alice \(uid 1000\), sallyport archive purge$/);
  });

  test('keeps a claimed name short and a claimed number a number', () => {
    const { who } = actor('x', { SUDO_USER: 'a'.repeat(5000), SUDO_UID: '0; drop' });
    expect(who.length).toBeLessThan(200);
    expect(who).not.toContain('drop');
  });
});
