import { describe, expect, test } from 'vitest';
import { accountKey, identityKey } from './identity.ts';

describe('an identity as people write it, and as the protocol has it, are one', () => {
  test.each([
    ['aim:Bob Retro', 'aim', 'bobretro'],
    ['aim:BobRetro', 'aim', 'Bob Retro'],
    ['icq:123-456-789', 'icq', '123456789'],
    ['icq:123 456 789', 'icq', '123456789'],
    ['gadu-gadu:12 345', 'gadu-gadu', '12345'],
    ['yahoo:Bob_Smith@yahoo.com', 'yahoo', 'bob_smith'],
    ['yahoo:bob_smith', 'yahoo', 'Bob_Smith@Yahoo.com'],
    ['msn:Alice@Corp.Example', 'msn', 'alice@corp.example'],
    ['irc:Ben[x]', 'irc', 'ben{x}'],
    ['xmpp:ben@e.example', 'xmpp', 'Ben@E.example'],
  ])('%s', (entry, service, account) => {
    expect(identityKey(entry)).toBe(`${service}:${accountKey(service, account)}`);
  });

  test('a service that is called as members of objects are is a service like others', () => {
    expect(accountKey('__proto__', 'Ben')).toBe('ben');
    expect(identityKey('constructor:Ben')).toBe('constructor:ben');
  });

  test('where spaces and domains tell people apart, they do', () => {
    expect(accountKey('xmpp', 'a b')).toBe('a b');
    expect(accountKey('yahoo', 'bob@ymail.com')).toBe('bob@ymail.com');
    expect(accountKey(undefined, 'A B')).toBe('a b');
  });
});
