import { expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import { Deliveries } from './deliveries.ts';

function said(flow: string, text: string, more: Partial<ImEvent> = {}, seconds = 0): ImEvent {
  const event = new ImEvent('message');
  event.time = seconds * 1e6;
  event.flow = { id: flow, transport: 'tcp', client: 'c', server: 's' };
  return Object.assign(event, { service: 'msn', from: 'ann', to: ['bob'], text, ...more });
}

/** Numbers of the events that are shown. */
function shown(events: readonly ImEvent[]): number[] {
  const deliveries = new Deliveries();
  return events.flatMap((event, i) => (deliveries.isRepeated(event) ? [] : [i]));
}

test('sent and delivered is one message', () => {
  expect(shown([said('a', 'hi'), said('b', 'hi')])).toEqual([0]);
});

test('said twice is two, in whatever order the legs are seen', () => {
  const [a, b] = [said('a', 'ok'), said('b', 'ok')];
  expect(shown([a, b, a, b])).toEqual([0, 2]);
  expect(shown([a, a, b, b])).toEqual([0, 1]);
  expect(shown([a, b, b, a])).toEqual([0, 2]);
});

test('a room of three on this side hears it once', () => {
  const room = { room: '#ops', to: undefined };
  expect(shown(['a', 'b', 'c'].map((flow) => said(flow, 'hi', room)))).toEqual([0]);
});

test('others, other words, later: another message', () => {
  const events = [
    said('a', 'hi'),
    said('b', 'hi', { from: 'carl' }),
    said('b', 'hi', { to: ['carl'] }),
    said('b', 'ho'),
    said('b', 'hi', { service: 'yahoo' }),
    said('b', 'hi', {}, 1000),
  ];
  expect(shown(events)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('what is no message is never a repetition', () => {
  const typing = Object.assign(new ImEvent('typing'), { flow: said('a', 'x').flow });
  expect(shown([typing, typing])).toEqual([0, 1]);
});

test('a nudge has no words', () => {
  const nudge = (flow: string) => said(flow, 'x', { text: undefined, form: 'nudge' });
  expect(shown([nudge('a'), nudge('b'), nudge('a')])).toEqual([0, 2]);
});

test('a decision is shown once, on whichever leg it was made', () => {
  const verdict = { action: 'drop', enforced: false, rule: 'r' } as const;
  const dropped = (flow: string) => said(flow, 'hi', { verdict });
  expect(shown([said('a', 'hi'), dropped('b'), dropped('c')])).toEqual([0, 1]);
  expect(shown([dropped('a'), dropped('b')])).toEqual([0]);
});

test('messages whose digests fall together are told apart', () => {
  // Found by trying. Both are remembered under one digest.
  const [first, other] = ['wmse', 'w19hl'];
  const sent = [said('a', first), said('a', other), said('a', first, {}, 200)];
  const heard = [said('b', other), said('b', first, {}, 201)];
  expect(shown([...sent, ...heard])).toEqual([0, 1, 2]);
});
