/** What remains of a worker's figures when it has died: what it counted, not what it held. */
import type { WorkerSnapshot } from './control.ts';

/** Counters of a bridge that say how much there is now: their names end so. */
const HELD_NOW = /(?:Now|Held|Current)$|^held(?:Octets|Packets)$/;

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
          Object.entries(bridge).map(([name, n]) => [name, HELD_NOW.test(name) ? 0 : n]),
        ),
    },
    interfaces: interfaces.map((one) => ({ ...one, up: false, ringFill: 0 })),
  };
}
