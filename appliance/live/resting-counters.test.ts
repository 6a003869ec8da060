import { expect, test } from 'vitest';
import { Engine } from '../../src/pipeline/engine.ts';
import { PASS_EVERYTHING } from '../../src/verdict/judge.ts';
import type { WorkerSnapshot } from './control.ts';
import { restingCounters } from './resting-counters.ts';

function snapshot(bridge: Record<string, number>): WorkerSnapshot {
  const engine = new Engine({ mode: 'inline', judge: PASS_EVERYTHING, onEvent: () => undefined });
  return {
    status: {
      engine: engine.counters,
      heldOctets: 7,
      flows: { byState: { read: 2 }, byProtocol: { irc: 2 } },
      events: { 'message irc': 3 },
      verdicts: {},
      bridge,
      eventsShed: 1,
      stageSeconds: { wait: 5, turn: 1 },
      resetsSent: 4,
    },
    interfaces: [],
  };
}

test('a worker that died holds nothing, and what it counted still counts', () => {
  const { status } = restingCounters(
    snapshot({
      forwarded: 100,
      heldPackets: 5,
      keptAside: 6,
      flowsRemembered: 3,
      heldOctets: 1000,
      asideOctets: 2000,
      retainedOctets: 3000,
      queueKeptNow: 2,
    }),
  );
  expect(status.bridge).toEqual({
    forwarded: 100,
    heldPackets: 5,
    keptAside: 6,
    flowsRemembered: 0,
    heldOctets: 0,
    asideOctets: 0,
    retainedOctets: 0,
    queueKeptNow: 0,
  });
  expect(status).toMatchObject({ heldOctets: 0, eventsShed: 1, resetsSent: 4 });
  expect(status.flows).toEqual({ byState: {}, byProtocol: {} });
});
