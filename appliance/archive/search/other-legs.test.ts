import { expect, test } from 'vitest';
import type { OpenedRecord } from './open-record.ts';
import { OtherLegs } from './other-legs.ts';

let sequence = 0;
function record(
  time: number,
  flow: string,
  event: Readonly<Record<string, unknown>>,
): OpenedRecord {
  sequence += 1;
  return {
    ...{ sequence, time, conversation: 1, repeat: false, envelope: undefined, content: undefined },
    ...{ state: 'none', event: { room: '#a', from: 'ben', flow: { id: flow }, ...event } },
  };
}

test('the same deed on another connection, or come back, is not shown again; done twice it is', () => {
  const legs = new OtherLegs();
  const join = { kind: 'room.join', origin: 'client' };
  const shown = [
    record(0, 'a', join),
    record(1e6, 'a', { ...join, origin: 'server' }),
    record(2e6, 'b', { ...join, origin: 'server' }),
    record(3e6, 'a', { ...join, from: 'anna' }),
    record(4e6, 'a', join),
    record(60e6, 'b', join),
    record(61e6, 'a', { kind: 'message', text: 'hi' }),
    record(61e6, 'b', { kind: 'message', text: 'hi' }),
  ].map((one) => legs.isOther(one));
  expect(shown).toEqual([false, true, true, false, false, false, false, false]);
});
