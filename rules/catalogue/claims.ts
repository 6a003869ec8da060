/**
 * Names, networks and signatures that are claimed, and by whom. Of one layer (a path of the command line or of
 * sallyport.yaml) two services may not claim the same; what a later layer claims, an earlier one loses.
 */
import type { Activity } from '../../src/event/event.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import type { PortRange, Transport } from './catalogue.ts';

export interface Claimant {
  readonly service: string;
  readonly activity: Activity | undefined;
  readonly ports: readonly PortRange[];
  readonly transport: Transport | undefined;
  readonly layer: number;
  readonly place: Place;
  /** Takes the claim back. */
  readonly lose: () => void;
}

export class Claims {
  readonly #found: Diagnostics;
  readonly #known = new Map<string, Claimant[]>();

  constructor(found: Diagnostics) {
    this.#found = found;
  }

  /** `what`: the same for the same thing. `shown`: as it is written. */
  add(what: string, shown: string, claimant: Claimant): void {
    const known = this.#known.get(what);
    if (known === undefined) {
      this.#known.set(what, [claimant]);
      return;
    }
    const rivals = known.filter((other) => overlap(other, claimant));
    for (const rival of rivals) {
      if (rival.layer === claimant.layer) this.#refuse(shown, rival, claimant);
      else if (isWithin(rival, claimant)) {
        rival.lose();
        known.splice(known.indexOf(rival), 1);
        this.#tellTaken(shown, rival, claimant);
      }
    }
    known.push(claimant);
  }

  /** All claims of a service before this layer. */
  forget(service: string): void {
    for (const [what, known] of this.#known) {
      const rest = known.filter((one) => one.service !== service);
      if (rest.length === known.length) continue;
      for (const one of known) if (one.service === service) one.lose();
      this.#known.set(what, rest);
    }
  }

  #refuse(shown: string, first: Claimant, second: Claimant): void {
    const where = `${first.place.file}:${first.place.line}:${first.place.column}`;
    if (first.service !== second.service) {
      this.#found.error(second.place, `'${shown}' is claimed by ${first.service} too`, where);
    } else if (first.activity !== second.activity) {
      const what = `'${shown}' has two activities: ${told(first)} and ${told(second)}`;
      this.#found.error(second.place, what, where);
    } else this.#found.warn(second.place, `'${shown}' stands here twice`, where);
  }

  #tellTaken(shown: string, before: Claimant, now: Claimant): void {
    if (before.service === now.service) return;
    const where = `${before.place.file}:${before.place.line}:${before.place.column}`;
    const what = `'${shown}' is now ${now.service}, no longer ${before.service}`;
    this.#found.warn(now.place, what, where);
  }
}

function told({ activity }: Claimant): string {
  return activity ?? 'none';
}

function overlap(a: Claimant, b: Claimant): boolean {
  if (a.transport !== undefined && b.transport !== undefined && a.transport !== b.transport) {
    return false;
  }
  // One at certain ports and one at all others live together: the former comes first.
  if ((a.ports.length === 0) !== (b.ports.length === 0)) return false;
  if (a.ports.length === 0) return a.transport === b.transport;
  return a.ports.some(([from, to]) => b.ports.some(([f, t]) => from <= t && f <= to));
}

/** Nothing is left of `before` beside `now`. */
function isWithin(before: Claimant, now: Claimant): boolean {
  if (now.ports.length === 0) return true;
  return before.ports.every(([from, to]) => now.ports.some(([f, t]) => f <= from && to <= t));
}
