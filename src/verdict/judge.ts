/** Who decides. The rules implement it; the engine knows only this. */
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { TextRange } from './subject.ts';

export interface Judge {
  /**
   * The verdict on one event, as the policy wants it (enforced: true, whatever the mode).
   * Synchronous; may keep state (rates, known contacts); time comes with the event.
   */
  judge(event: ImEvent): VerdictRecord;
  /** Where in the event's text the rule of a redact verdict matched. */
  redactions?(event: ImEvent, verdict: VerdictRecord): readonly TextRange[];
  /** False where masking the text leaves what it hides in sight: in its markup. */
  masksAll?(event: ImEvent, verdict: VerdictRecord): boolean;
  /** What happens to what cannot be read, and to what can be held no longer; absent: it passes. */
  readonly defaults?: {
    readonly undecodable: 'pass' | 'reset';
    readonly overload: 'pass' | 'drop';
  };
}

/** What passes without a word from any rule. */
export const PASS: VerdictRecord = Object.freeze({ action: 'pass', enforced: true });

export const PASS_EVERYTHING: Judge = Object.freeze({ judge: () => PASS });
