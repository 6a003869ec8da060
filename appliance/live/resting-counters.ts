/** What remains of a worker's figures when it has died: what it counted, not what it held. */
import type { WorkerSnapshot } from './control.ts';

/** What a bridge and a queue have now (Bridge.counters, QueuePlane): the rest of their figures are counts. */
const HELD_NOW: ReadonlySet<string> = new Set([
  'flowsRemembered',
  'heldOctets',
  'asideOctets',
  'retainedOctets',
  'queueKeptNow',
]);

export function restingCounters({ status, interfaces }: WorkerSnapshot): WorkerSnapshot {
  const { engine, bridge } = status;
  return {
    status: {
      ...status,
      engine: { ...engine, flows: { ...engine.flows, current: 0 } },
      heldOctets: 0,
      flows: { byState: {}, byProtocol: {} },
      bridge:
        bridge &&
        Object.fromEntries(
          Object.entries(bridge).map(([name, n]) => [name, HELD_NOW.has(name) ? 0 : n]),
        ),
    },
    interfaces: interfaces.map((one) => ({ ...one, up: false, ringFill: 0 })),
  };
}
