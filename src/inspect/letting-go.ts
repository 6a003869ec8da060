/** Flows that are not looked at any more: from their next packet on they cost a look into the table. */
import { Disposition } from '../flow/disposition.ts';
import type { FlowTable } from '../flow/table.ts';
import type { Identification } from './identification.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';

export class LettingGo {
  readonly #table: FlowTable;
  readonly #identification: Identification;
  readonly #inside: InsideFlows;
  readonly #counters: InspectCounters;

  constructor(
    table: FlowTable,
    identification: Identification,
    inside: InsideFlows,
    counters: InspectCounters,
  ) {
    this.#table = table;
    this.#identification = identification;
    this.#inside = inside;
    this.#counters = counters;
  }

  letGo(slot: number): void {
    this.#identification.forget(slot);
    const inside = this.#inside.get(slot);
    if (inside?.isTunnel === true && inside.before !== undefined) {
      // Nobody knows what is inside, and whose it is was said.
      inside.before.goOpaque(`unknown protocol inside ${inside.tunnel}`);
      this.#table.setDisposition(slot, Disposition.Opaque);
      return;
    }
    this.#counters.letGo += 1;
    this.#table.setDisposition(slot, Disposition.LetGo);
  }
}
