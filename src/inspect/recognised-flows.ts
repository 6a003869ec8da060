/** Says of which service a flow is, once it is recognised, and learns the addresses of those that are refused. */
import type { FlowFacts } from '../../parsers/contract.ts';
import { REFUSALS } from '../verdict/refusals.ts';
import type { Emission } from './emission.ts';
import type { InsideFlows } from './inside-flows.ts';
import type { InspectCounters } from './inspect-counters.ts';
import type { LearnedService } from './learned-addresses.ts';
import type { Recognised, Recognition } from './recognition.ts';
import type { Session } from './session.ts';

/** A tunnel's client asks TLS inside for another name than it asked the proxy for. */
const HOST_MISMATCH = 'host-mismatch';
const BEFORE: FlowFacts = { evidence: 'learned', reason: 'refused before' };

export class RecognisedFlows {
  readonly #recognition: Recognition;
  readonly #inside: InsideFlows;
  readonly #emission: Emission;
  readonly #counters: InspectCounters;

  constructor(
    recognition: Recognition,
    inside: InsideFlows,
    emission: Emission,
    counters: InspectCounters,
  ) {
    this.#recognition = recognition;
    this.#inside = inside;
    this.#emission = emission;
    this.#counters = counters;
  }

  /** SessionHost: whether a service is known by these facts, and was said. */
  identify(facts: FlowFacts, session: Session): boolean {
    const { slot, flipped } = session;
    const inside = this.#inside.get(slot);
    const now = this.#emission.now();
    const known = this.#recognition.of(facts, slot, flipped, now, inside?.isTunnel);
    if (known !== undefined) this.#tell(known, facts, session);
    const asksAnother = facts.evidence === 'sni' && facts.hosts?.[0] !== inside?.target;
    if (inside?.target !== undefined && asksAnother) session.anomaly(HOST_MISMATCH, 0);
    return known !== undefined || session.ledger.isKnownByTarget(facts);
  }

  /** The session's flow is to a server of a refused service, which a rule had learned: false where it is not refused now. */
  refuse({ service, activity, host }: LearnedService, session: Session): boolean {
    const evidence = { evidence: 'learned', confidence: 'medium' } as const;
    const known: Recognised = { service, activity, host, shared: false, ...evidence };
    const event = session.ledger.identifiedAs(known, BEFORE);
    if (!REFUSALS.has(this.#emission.wanted(event).action)) return false;
    this.#tell(known, BEFORE, session);
    session.goOpaque(BEFORE.reason);
    return true;
  }

  #tell(known: Recognised, facts: FlowFacts, session: Session): void {
    const isFirst = session.quiet;
    const verdict = session.recognised(known, facts);
    if (isFirst) this.#counters.recognised(known.service, known.activity);
    if (verdict?.learn === undefined || !REFUSALS.has(verdict.action)) return;
    const { slot, flipped, definition } = session;
    // A resolver or a proxy serves all.
    const isAnothers = definition.tunnel === true || this.#inside.isTunnel(slot);
    if (facts.unit !== undefined || isAnothers) return;
    this.#recognition.learn(known, slot, flipped, verdict.learn, this.#emission.now());
  }
}
