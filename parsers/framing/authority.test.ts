import { expect, test } from 'vitest';
import { authorityName } from './authority.ts';

test.each([
  ['Web.WhatsApp.com', 'web.whatsapp.com'],
  ['web.whatsapp.com:443', 'web.whatsapp.com'],
  ['web.whatsapp.com.:443', 'web.whatsapp.com'],
  ['web.whatsapp.com:', 'web.whatsapp.com'],
  ['localhost', 'localhost'],
  ['192.0.2.1', undefined],
  ['192.0.2.1:80', undefined],
  ['[2001:db8::1]:80', undefined],
  ['2001:db8::1', undefined],
  ['fe80::1', undefined],
  ['a.example:http', undefined],
  ['', undefined],
  [':80', undefined],
  ['bücher.example', undefined],
  ['\u0161.example', undefined],
  ['user@host.example', undefined],
  [`${'a'.repeat(100_000)}`, undefined],
])('%s', (text, name) => {
  expect(authorityName(text)).toBe(name);
});
