import { expect, test } from 'vitest';
import { FlowMemory } from './flow-memory.ts';

test('protocols do not see each other', () => {
  const memory = new FlowMemory(10);
  memory.of('xmpp').set('a', 1);
  expect(memory.of('irc').get('a')).toBeUndefined();
  expect(memory.of('xmpp').get('a')).toBe(1);
  memory.of('xmpp').delete('a');
  expect(memory.of('xmpp').get('a')).toBeUndefined();
});

test('bounded: the least recently used goes first', () => {
  const memory = new FlowMemory(3);
  const xmpp = memory.of('xmpp');
  for (const key of ['a', 'b', 'c']) xmpp.set(key, key);
  xmpp.get('a');
  xmpp.set('d', 'd');
  expect(memory.size).toBe(3);
  expect(xmpp.get('b')).toBeUndefined();
  expect(xmpp.get('a')).toBe('a');
});
