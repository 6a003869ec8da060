/** The ledger of a run: what was counted, what was decided, and what could not be read. */
import type { ImEvent } from '../../src/event/event.ts';
import { Tally } from './tally.ts';
import { actionWord, shadowWord } from './verdict-text.ts';

export class LedgerLog {
  readonly kinds = new Tally();
  /** Connections by service, as last known: an account tells AIM from ICQ. */
  readonly flows = new Tally();
  /** Service of those under way, by flow. */
  readonly #underWay = new Map<string, string>();
  /** `would drop · rule`. */
  readonly verdicts = new Tally();
  /** `passed · rule`. */
  readonly passes = new Tally();
  readonly shadowVerdicts = new Tally();
  readonly alerts = new Tally();
  /** Notices to users: `would tell · rule`. */
  readonly notices = new Tally();
  /** `service: reason`. */
  readonly opaque = new Tally();
  readonly unknown = new Tally();
  readonly anomalies = new Tally();
  /** Octets by cause. */
  readonly gapOctets = new Tally();
  gaps = 0;
  midstreamFlows = 0;
  /** Connections that the end of a recording found open. */
  openFlows = 0;
  events = 0;
  /** Microseconds since 1970; undefined before the first event. */
  firstTime: number | undefined;
  lastTime = 0;

  add(event: ImEvent): void {
    this.events += 1;
    this.kinds.add(event.kind);
    this.firstTime ??= event.time;
    this.firstTime = Math.min(this.firstTime, event.time);
    this.lastTime = Math.max(this.lastTime, event.time);
    this.#verdict(event);
    for (const anomaly of event.anomalies ?? []) this.anomalies.add(anomaly);
    const service = event.service ?? event.protocol ?? '?';
    switch (event.kind) {
      case 'flow.identified':
        if (event.activity === 'lookup') break;
        this.flows.add(service);
        if (event.flow !== undefined) this.#underWay.set(event.flow.id, service);
        break;
      case 'flow.opaque':
        this.opaque.add(`${service}: ${event.reason ?? 'encrypted'}`);
        break;
      case 'app.unknown':
        this.unknown.add(`${service}: ${event.reason ?? event.text ?? event.name ?? 'unnamed'}`);
        break;
      case 'gap':
        this.gaps += 1;
        if (event.gap !== undefined) this.gapOctets.add(event.gap.cause, event.gap.octets);
        break;
      case 'flow.end':
        this.#rename(event.flow?.id ?? '', service);
        if (event.totals?.midstream === true) this.midstreamFlows += 1;
        if (event.reason === 'capture-end') this.openFlows += 1;
        break;
      default:
    }
  }

  #rename(flow: string, service: string): void {
    const before = this.#underWay.get(flow);
    this.#underWay.delete(flow);
    if (before === undefined || before === service) return;
    this.flows.add(before, -1);
    this.flows.add(service);
  }

  #verdict(event: ImEvent): void {
    const { verdict } = event;
    if (verdict === undefined) return;
    const by = verdict.rule === undefined ? '' : ` · ${verdict.rule}`;
    const decided = `${actionWord(verdict.action, verdict.enforced)}${by}`;
    if (verdict.action !== 'pass') this.verdicts.add(decided);
    else if (verdict.rule !== undefined) this.passes.add(decided);
    if (verdict.alert !== undefined) this.alerts.add(`alert ${verdict.alert}${by}`);
    if (verdict.tell !== undefined) this.notices.add(`would tell${by}`); // no mode writes into a conversation yet
    for (const shadow of verdict.shadow ?? []) {
      this.shadowVerdicts.add(`in shadow: ${shadowWord(shadow.action)} · ${shadow.rule}`);
    }
  }
}
