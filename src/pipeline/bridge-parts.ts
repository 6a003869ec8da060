/** What the parts of a bridge have in common. */
import type { Limits } from '../limits.ts';
import type { Judge } from '../verdict/judge.ts';
import type { PacketOut } from '../verdict/wire/packet-judge.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeSettings } from './bridge-settings.ts';
import type { Engine } from './engine.ts';
import type { PacketInHand } from './packet-in-hand.ts';

export interface BridgeParts {
  readonly engine: Engine;
  readonly out: PacketOut;
  readonly limits: Limits;
  readonly settings: BridgeSettings;
  readonly hand: PacketInHand;
  readonly flows: WireFlows;
  readonly counts: BridgeCounts;
  readonly defaults: () => Judge['defaults'];
}
