/** An event on its way out: stamped, judged, carried out on the packet under the hand, counted, and handed on. */
import type { Unit } from '../../parsers/contract.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { Enforcer } from '../verdict/enforcer.ts';
import type { Judge } from '../verdict/judge.ts';
import { Subject, type TextRange } from '../verdict/subject.ts';
import { EventStamp } from './event-stamp.ts';
import { fillSubject } from './fill-subject.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { Session } from './session.ts';

/** Where the inspection finds out about the packet under the hand. */
export interface PacketClock {
  /** Microseconds since 1970. */
  readonly time: Float64Array;
  /** Capture position, counted from 1. */
  readonly frame: number;
}

export interface EmissionParts {
  readonly clock: PacketClock;
  readonly judge: Judge;
  readonly enforcement: Enforcer;
  /** Puts the people behind the accounts into an event. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
  readonly onEvent: (event: ImEvent) => void;
}

export class Emission {
  /** Name of the capture being read, stamped on events. */
  capture: string | undefined = undefined;
  /** May be exchanged between two packets. */
  judge: Judge;
  namePeople: ((event: ImEvent) => void) | undefined;
  readonly stamp = new EventStamp();
  readonly #clock: PacketClock;
  readonly #enforcement: Enforcer;
  readonly #onEvent: (event: ImEvent) => void;
  readonly #counters: InspectCounters;
  /** Octets that the streams delivered of the flow under the hand and that are not handed on yet. */
  readonly #ahead: readonly [number, number];
  readonly #subject = new Subject();

  constructor(parts: EmissionParts, counters: InspectCounters, ahead: readonly [number, number]) {
    this.judge = parts.judge;
    this.namePeople = parts.namePeople;
    this.#clock = parts.clock;
    this.#enforcement = parts.enforcement;
    this.#onEvent = parts.onEvent;
    this.#counters = counters;
    this.#ahead = ahead;
  }

  now(): number {
    return this.#clock.time[0] ?? 0;
  }

  /** Without a unit the event is about the session's flow. */
  emit(event: ImEvent, session: Session, unit?: Unit): VerdictRecord {
    let verdict = this.wanted(event);
    const enforcement = this.#enforcement;
    if (verdict.action !== 'pass') {
      const subject = this.#subjectOf(event, verdict, session, unit);
      verdict = enforcement.carryOut(verdict, event, subject);
    } else if (unit !== undefined && enforcement.passed !== undefined) {
      const subject = this.#subjectOf(event, verdict, session, unit);
      verdict = enforcement.passed(verdict, subject);
    }
    event.verdict = verdict;
    this.#counters.event(event, verdict);
    this.#onEvent(event);
    return verdict;
  }

  /** What the policy wants of the event, which is not said yet. */
  wanted(event: ImEvent): VerdictRecord {
    event.time = this.now();
    event.packet = this.#clock.frame;
    event.capture = this.capture;
    event.id = this.stamp.id(event.time);
    this.namePeople?.(event);
    return this.judge.judge(event);
  }

  #subjectOf(
    event: ImEvent,
    verdict: VerdictRecord,
    session: Session,
    unit: Unit | undefined,
  ): Subject {
    let redactions: readonly TextRange[] | undefined;
    const isMasked = unit !== undefined && verdict.action === 'redact';
    if (isMasked && this.judge.masksAll?.(event, verdict) !== false) {
      redactions = this.judge.redactions?.(event, verdict);
    }
    return fillSubject(this.#subject, session, unit, this.#ahead, event.text, redactions);
  }
}
