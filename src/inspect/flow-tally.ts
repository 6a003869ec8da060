/** What was seen of a flow that is read, counted for its end. */
import type { FlowTotals } from '../event/event.ts';
import type { PacketTotals } from './flow-ends.ts';

const KINDS_OF_ANOMALY_SAID = 32; // flow.anomaly events per flow; all are counted

export class FlowTally {
  events = 0;
  gaps = 0;
  gapOctets = 0;
  anomalies = 0;
  /** Made when the first one comes. */
  #said: Set<string> | undefined = undefined;

  gap(octets: number): void {
    this.gaps += 1;
    this.gapOctets += octets;
  }

  /** Whether this kind of anomaly is still to be said; from here on it was. */
  isNews(anomaly: string): boolean {
    this.#said ??= new Set();
    const said = this.#said;
    if (said.has(anomaly) || said.size >= KINDS_OF_ANOMALY_SAID) return false;
    said.add(anomaly);
    return true;
  }

  /** Goes on from that of the session that handed the flow over. */
  continueFrom(before: FlowTally): void {
    this.events += before.events;
    this.gaps += before.gaps;
    this.gapOctets += before.gapOctets;
    this.anomalies += before.anomalies;
  }

  /** With what the table counted. Member by member: an object that is spread into another one is slow. */
  totals(packets: PacketTotals): FlowTotals {
    return {
      packetsToServer: packets.packetsToServer,
      packetsToClient: packets.packetsToClient,
      octetsToServer: packets.octetsToServer,
      octetsToClient: packets.octetsToClient,
      duration: packets.duration,
      events: this.events,
      gaps: this.gaps,
      gapOctets: this.gapOctets,
      anomalies: this.anomalies,
      midstream: packets.midstream,
    };
  }
}
