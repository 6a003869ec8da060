import { expect, test } from 'vitest';
import { decodeEvent } from './decode.ts';
import { describe as line } from './describe.ts';

test.each([
  [
    {
      kind: 'message',
      service: 'xmpp',
      from: 'a@x',
      to: ['b@x'],
      text: 'hi \u001b[2J',
      verdict: { action: 'drop', enforced: false, rule: 'r' },
    },
    'xmpp message a@x → b@x "hi ␛[2J" [drop by r]',
  ],
  [
    { kind: 'message', service: 'irc', from: 'al', room: '#ops', text: 'x' },
    'irc message al → #ops "x"',
  ],
  [
    { kind: 'file.offer', service: 'irc', from: 'al', to: 'bo', file: { name: '../a', size: 9 } },
    'irc file.offer al → bo ../a (9 octets)',
  ],
  [
    { kind: 'gap', service: 'irc', gap: { octets: 12, cause: 'loss', direction: 'to-client' } },
    'irc gap 12 octets to-client (loss)',
  ],
  [
    {
      kind: 'flow.opaque',
      protocol: 'tls',
      flow: { client: '10.0.0.1:1', server: '10.0.0.2:443' },
      reason: 'starttls',
    },
    'tls flow.opaque 10.0.0.1:1 → 10.0.0.2:443: starttls',
  ],
  [
    { kind: 'presence', service: 'xmpp', from: 'a', state: 'away', status: 'tea' },
    'xmpp presence a away: tea',
  ],
])('%j', (json, expected) => {
  const { event } = decodeEvent(json);
  expect(event && line(event)).toBe(expected);
});

test('long text is cut', () => {
  const { event } = decodeEvent({ kind: 'message', text: 'x'.repeat(100_000) });
  expect(event && line(event).length).toBeLessThan(200);
});
