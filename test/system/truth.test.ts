/** The yardstick itself: what it must call a difference. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { TruthEvent } from '../record/truth.ts';
import { compareWithTruth } from './truth.ts';

const said: TruthEvent = {
  kind: 'message',
  origin: 'client',
  from: 'anna',
  to: ['ben'],
  text: 'hi',
};
const truth = { complete: ['message'], events: [said] };

function event(kind: EventKind, fields: Partial<ImEvent>): ImEvent {
  return Object.assign(new ImEvent(kind), fields);
}

const right = { origin: 'client', from: 'anna', to: ['ben'], text: 'hi' } as const;

describe('comparison with the truth of a recording', () => {
  test('the same event is found', () => {
    const { found, differences } = compareWithTruth(truth, [event('message', right)]);
    expect({ found, differences }).toEqual({ found: 1, differences: [] });
  });

  test.each([
    ['nothing said', []],
    ['another text', [event('message', { ...right, text: 'ho' })]],
    ['another recipient', [event('message', { ...right, to: ['dana'] })]],
    ['the wrong origin', [event('message', { ...right, origin: 'server' })]],
    ['said twice', [event('message', right), event('message', right)]],
    ['another kind', [event('message.edit', right)]],
  ])('%s is a difference', (_, events) => {
    expect(compareWithTruth(truth, events).differences).not.toEqual([]);
  });

  test('copies, CTCP, service messages and kinds not listed completely are no difference', () => {
    const beside = [
      event('message', { ...right, copy: 'echo' }),
      event('message', { ...right, form: 'ctcp' }),
      event('message', { ...right, route: 'service' }),
      event('presence', { from: 'ben' }),
    ];
    const { differences } = compareWithTruth(truth, [event('message', right), ...beside]);
    expect(differences).toEqual([]);
  });
});
