/** Carries out what the policy wants, by the means of the wire at hand, and tells what it did. */
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { Subject } from './subject.ts';

export interface Enforcer {
  /**
   * `wanted` is no `pass`. Returns the record that the event carries: what was really done. Synchronous: it is
   * done, or certain to be done before the packet under the hand goes on.
   */
  carryOut(wanted: VerdictRecord, event: ImEvent, subject: Subject): VerdictRecord;
  /** Nothing is wanted; the record tells where that was decided after a part of it had gone on. */
  passed?(verdict: VerdictRecord, subject: Subject): VerdictRecord;
  /** The flow answers an offer that was refused: nothing of it goes on. */
  refuseFlow(slot: number): void;
  /** The flow leaves the table. */
  closed(slot: number): void;
}
