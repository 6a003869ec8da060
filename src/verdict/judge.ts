/** Who decides. The rules implement it; the engine knows only this. */
import type { ImEvent, VerdictRecord } from '../event/event.ts';

export interface Judge {
  /**
   * The verdict on one event, as the policy wants it (enforced: true, whatever the mode).
   * Synchronous; may keep state (rates, known contacts); time comes with the event.
   */
  judge(event: ImEvent): VerdictRecord;
}

/** What passes without a word from any rule. */
export const PASS: VerdictRecord = Object.freeze({ action: 'pass', enforced: true });

export const PASS_EVERYTHING: Judge = Object.freeze({ judge: () => PASS });
