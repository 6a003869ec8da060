import { expect, test } from 'vitest';
import { terminalJson } from './terminal-json.ts';

test('what a terminal could obey is escaped, and reads back as it was', () => {
  const value = { text: 'a\u001b[2J\u009b31m\u202e\u2028b\n', n: 1 };
  for (const indent of [undefined, 2]) {
    const text = terminalJson(value, indent);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll('\n', '')).toMatch(/^[ -~]*$/);
  }
});
