/** What the handlers of one NMDC flow share. */
import type { FlowContext } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { DcFlow } from './dc-flow.ts';
import { nmdcText } from './dc-text.ts';
import { PeerFiles } from './peer-files.ts';
import { Users } from './users.ts';

export class NmdcFlow extends DcFlow {
  readonly files = new PeerFiles(this);
  readonly users = new Users();

  constructor(context: FlowContext) {
    super(context, 'nmdc');
  }

  /** buffer[start, end) as text; undefined where there is none. */
  text(start: number, end: number): string | undefined {
    return end > start ? nmdcText(this.buffer, start, end) : undefined;
  }

  /** Picked up in the middle: whom the hub addresses, or who speaks to it, is who is signed in. */
  learn(nick: string | undefined): void {
    if (this.account === undefined && this.context.midstream) this.account = nick;
  }

  /** The sender of a command of the client, which may name anybody. */
  speaker(named: string | undefined): string | undefined {
    if (!this.toServer) return named;
    this.learn(named);
    const own = this.account ?? this.tried;
    if (own === undefined || named === undefined) return named ?? own;
    if (named !== own) this.anomaly(Anomaly.SenderMismatch);
    return own;
  }

  override held(): number {
    return super.held() + this.users.held();
  }
}
