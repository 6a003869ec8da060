/**
 * What a decision becomes where nothing on the wire can be changed: every record says that it was not
 * carried out, and why. Policy (rules) decides; this file only tells the truth about the means.
 */
import type { VerdictRecord } from '../event/event.ts';
import type { Enforcer } from './enforcer.ts';
import { Records } from './records.ts';

export type Mode = 'replay' | 'tap' | 'inline' | 'queue';

const WHY_NOT: Readonly<Record<Mode, string>> = {
  replay: 'replay reads a recording: nothing can be stopped',
  tap: 'a tap sees copies of packets: nothing can be stopped',
  inline: 'no bridge carries this packet',
  queue: 'no queue carries this packet',
};

/** Turns what the policy wants into what this mode did. Records are interned by the rules, so results are too. */
export class Enforcement implements Enforcer {
  readonly #why: string;
  readonly #records = new Records();

  constructor(mode: Mode) {
    this.#why = WHY_NOT[mode];
  }

  carryOut(wanted: VerdictRecord): VerdictRecord {
    return wanted.action === 'pass' ? wanted : this.#records.of(wanted, false, this.#why);
  }

  refuseFlow(): void {}

  closed(): void {}
}
