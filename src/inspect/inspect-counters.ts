/** What the inspection counts, by name. Names come from the code and the catalogue, never from the wire: bounded. */
import type { Activity, ImEvent, VerdictRecord } from '../event/event.ts';

export class InspectCounters {
  /** Flows found not to be IM. */
  letGo = 0;
  /** Flows that ended before a probe was certain. */
  undecided = 0;
  /** Flows let go because Limits.identificationFlows was reached. */
  identificationRefused = 0;
  /** Flows let go because Limits.sessions was reached. */
  sessionsRefused = 0;
  /** Flows that were not looked at to the end because of Limits.recognisers or Limits.parserOctets. */
  recognisersEnded = 0;
  /** Flows that were said to end while they went on because Limits.recognisedFlows was reached. */
  recognisedEnded = 0;
  /** Flows not read on because Limits.parserOctets was reached. */
  parserMemoryRefused = 0;
  /** Flows not read on because of Limits.tunnelDepth. */
  tunnelsTooDeep = 0;
  /** Flows not read on because a parser, the rules or who hears the events failed. */
  failures = 0;
  readonly identifiedBy: Record<string, number> = {};
  /** Flows that are only recognised: by service, then by what they are for. */
  readonly recognisedBy: Record<string, Record<string, number>> = {};
  readonly eventsBy: Record<string, number> = {};
  readonly verdictsBy: Record<string, number> = {};
  readonly anomaliesBy: Record<string, number> = {};

  snapshot() {
    return {
      letGo: this.letGo,
      undecided: this.undecided,
      identificationRefused: this.identificationRefused,
      sessionsRefused: this.sessionsRefused,
      recognisersEnded: this.recognisersEnded,
      recognisedEnded: this.recognisedEnded,
      parserMemoryRefused: this.parserMemoryRefused,
      tunnelsTooDeep: this.tunnelsTooDeep,
      failures: this.failures,
      identified: { ...this.identifiedBy },
      recognised: structuredClone(this.recognisedBy),
      events: { ...this.eventsBy },
      verdicts: { ...this.verdictsBy },
      anomalies: { ...this.anomaliesBy },
    };
  }

  identified(protocol: string): void {
    add(this.identifiedBy, protocol);
  }

  recognised(service: string, activity: Activity | undefined): void {
    this.recognisedBy[service] ??= {};
    add(this.recognisedBy[service], activity ?? 'unknown');
  }

  event(event: ImEvent, verdict: VerdictRecord): void {
    add(this.eventsBy, event.kind);
    add(this.verdictsBy, verdict.action);
  }

  anomaly(name: string): void {
    add(this.anomaliesBy, name);
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
