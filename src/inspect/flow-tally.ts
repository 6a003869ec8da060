/** What was seen of a flow that is read, counted for its end. */
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

  get totals() {
    const { events, gaps, gapOctets, anomalies } = this;
    return { events, gaps, gapOctets, anomalies };
  }
}
