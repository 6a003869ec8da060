/** What the handlers of one ADC flow share. */
import { Direction, type FlowContext } from '../contract.ts';
import { AdcLine } from './adc-line.ts';
import { AdcUsers } from './adc-users.ts';
import { Anomaly } from './anomalies.ts';
import { DcFlow } from './dc-flow.ts';
import { PeerFiles } from './peer-files.ts';

export class AdcFlow extends DcFlow {
  readonly files = new PeerFiles(this);
  readonly users = new AdcUsers();
  readonly line = new AdcLine();
  /** The client's own SID. */
  sid: string | undefined = undefined;
  /** By direction: who speaks there reads compression (ZLIF). */
  readonly inflates: [boolean, boolean] = [false, false];
  /** SIDs of the message under the hand, for what is said in its place. */
  saidBy = '';
  saidTo = '';

  constructor(context: FlowContext) {
    super(context, 'adc');
    this.version = '1.0';
  }

  /** What was believed of a peer before is forgotten. */
  beHub(): void {
    if (this.role === 'hub') return;
    this.role = 'hub';
    if (this.signedIn) return;
    this.account = undefined;
    this.side = Direction.ToServer;
  }

  /** The nick of who says it: a client speaks for itself, whatever SID it names. */
  speaker(sid: string): string | undefined {
    if (!this.toServer) return sid === this.sid ? this.account : this.users.nick(sid);
    if (this.sid === undefined) this.sid = sid;
    else if (sid !== this.sid) this.anomaly(Anomaly.SenderMismatch);
    return this.account ?? this.tried ?? this.users.nick(this.sid);
  }

  nickOf(sid: string): string | undefined {
    return sid === this.sid ? (this.account ?? this.users.nick(sid)) : this.users.nick(sid);
  }

  override rest(): void {
    this.line.clear();
    super.rest();
  }

  override held(): number {
    return super.held() + this.users.held();
  }
}

export function onUnknown(flow: AdcFlow): void {
  const { command } = flow.line;
  const event = flow.make('app.unknown');
  event.from = flow.toServer ? flow.account : undefined;
  event.reason = String.fromCharCode(command >> 16, (command >> 8) & 255, command & 255);
  flow.say(event);
}
