/** What the handlers of one NMDC flow share. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { FlowContext } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { DcFlow } from './dc-flow.ts';
import { nmdcText } from './dc-text.ts';
import { PeerFiles } from './peer-files.ts';
import { Users } from './users.ts';

export class NmdcFlow extends DcFlow {
  readonly files = new PeerFiles(this);
  readonly users = new Users();
  /** The nick the client asked for. */
  tried: string | undefined = undefined;
  signedIn = false;
  hubName: string | undefined = undefined;
  topic: string | undefined = undefined;

  constructor(context: FlowContext) {
    super(context, 'nmdc');
  }

  /** The hub's name once it said it, else its address. */
  get room(): string {
    if (this.hubName !== undefined) return this.hubName;
    const { serverAddress, serverPort } = this.context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    return `${host}:${serverPort}`;
  }

  /** buffer[start, end) as text; undefined where there is none. */
  text(start: number, end: number): string | undefined {
    return end > start ? nmdcText(this.buffer, start, end) : undefined;
  }

  /** An event of the hub as a room. */
  inRoom(kind: EventKind, from: string | undefined): ImEvent {
    const event = this.make(kind);
    event.from = from;
    event.room = this.room;
    event.route = 'room';
    return event;
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
    const { hubName = '', topic = '', tried = '', account = '' } = this;
    const text = hubName.length + topic.length + tried.length + account.length;
    return super.held() + 2 * text + this.users.held();
  }
}
