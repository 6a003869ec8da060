/** What must be remembered of what went on, and for how long: until its receiver acknowledges it. */
import type { PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import * as slotOf from '../flow/layout.ts';
import { areNear, SPAN } from '../stream/span.ts';
import type { HeardAcknowledgement } from '../verdict/wire/heard-acknowledgement.ts';
import { timestampAt, u32 } from '../verdict/wire/timestamp.ts';
import type { WireFlow } from '../verdict/wire/wire-flow.ts';
import type { WireFlows } from '../verdict/wire/wire-flows.ts';
import type { BridgeCounts } from './bridge-counters.ts';
import type { BridgeParts } from './bridge-parts.ts';
import type { Engine } from './engine.ts';

const { ACKED, FLAGS, NEXT, STRIDE } = slotOf;

/** Octets that the largest packet needs of the memory of what is retained, twice. */
const ROOM = 1 << 17;

export class BridgeMemory {
  readonly #engine: Engine;
  readonly #flows: WireFlows;
  readonly #counts: BridgeCounts;

  constructor(parts: BridgeParts) {
    this.#engine = parts.engine;
    this.#flows = parts.flows;
    this.#counts = parts.counts;
  }

  /** What the packet in hand acknowledges of the other direction need not be remembered. */
  acknowledge(slot: number, flow: WireFlow): void {
    const { view, table } = this.#engine;
    const next = table.words[slot * STRIDE + NEXT + table.direction] ?? 0;
    const wire = flow.against(view);
    const beyond = (view.acknowledgement - wire.forwarded) | 0;
    // One more is a FIN.
    // Of a flow that is not read any more nobody knows how far it went on.
    const most = table.disposition(slot) >= Disposition.LetGo ? SPAN : 1;
    if (wire.begun && beyond <= most && beyond >= -SPAN && areNear(view.sequence, next)) {
      wire.acknowledge(beyond > 0 ? wire.forwarded : view.acknowledgement);
      note(wire.heard, view);
    }
  }

  /** Room to remember what goes on; where memory is used up, the flow is not read on. */
  hasRoom(slot: number, flow: WireFlow | undefined, octets: number): boolean {
    const { memory } = this.#flows;
    const wire = flow?.of(this.#engine.view);
    if (
      wire !== undefined &&
      wire.retained.length + octets + wire.heldOctets > memory.perDirection
    ) {
      const { words, direction } = this.#engine.table;
      const isHeard = ((words[slot * STRIDE + FLAGS] ?? 0) & (ACKED << direction)) !== 0;
      if (isHeard) {
        this.#counts.droppedAhead++;
        return false;
      }
      // Only one direction passes here: nobody says what is still needed.
      wire.origin = wire.forwarded;
      wire.retained.restart(wire.forwarded);
    }
    if (memory.used + ROOM > memory.limit) {
      this.#counts.memoryRefused++;
      this.#engine.giveUp(slot, 'memory limit');
    }
    return true;
  }
}

/** The newest acknowledgement counts: an old one that comes late would take back what was said. */
function note(heard: HeardAcknowledgement, view: PacketView): void {
  const { acknowledgement, window } = view;
  if (heard.window >= 0 && ((acknowledgement - heard.acknowledgement) | 0) < 0) return;
  heard.acknowledgement = acknowledgement;
  heard.window = window;
  const at = timestampAt(view);
  heard.hasStamps = at >= 0;
  if (at < 0) return;
  const value = u32(view.buffer, at);
  heard.value = value;
  heard.echo = u32(view.buffer, at + 4);
}
