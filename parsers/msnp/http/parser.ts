/**
 * MSNP over the HTTP gateway (dossier msnp.md §1): commands to the server in the bodies of requests, commands
 * to the client in those of the answers. Every answer names the session's next identifier.
 */
import type { ImEvent } from '../../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../../contract.ts';
import { HttpFlow, type HttpListener } from '../../framing/http.ts';
import type { HttpHead } from '../../framing/http-head.ts';
import { Anomaly } from '../anomalies.ts';
import { GatewaySession } from './gateway-session.ts';
import { GatewaySessions } from './gateway-sessions.ts';
import { gatewayAnswer, gatewayTarget } from './gateway-target.ts';

type Session = GatewaySession | undefined;

export class GatewayParser implements FlowParser, HttpListener<Session> {
  readonly #context: FlowContext;
  readonly #http: HttpFlow<Session>;
  readonly #known: GatewaySessions;
  /** Whose body comes, by direction. */
  readonly #sessions: [Session, Session] = [undefined, undefined];
  /** The answer under way says that the session is over. */
  #closes = false;
  #speaking: Session = undefined;
  #sink: ParserSink | undefined = undefined;

  constructor(context: FlowContext) {
    this.#context = context;
    this.#http = new HttpFlow(this);
    this.#known = new GatewaySessions(context);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#sink = sink;
    this.#http.push(direction, octets);
    this.#sink = undefined;
    return this.#status();
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    this.#sink = sink;
    this.#http.gap(direction, octets);
    this.#sink = undefined;
    return this.#status();
  }

  /** The session goes on over other connections. */
  end(direction: Direction, sink: ParserSink): void {
    this.#sink = sink;
    this.#http.end(direction);
    this.#sink = undefined;
  }

  holdFrom(direction: Direction): number {
    return this.#sessions[direction]?.holdFrom(this, direction) ?? -1;
  }

  held(): number {
    const [asked, answered] = this.#sessions;
    const sessions = (asked?.held() ?? 0) + (answered === asked ? 0 : (answered?.held() ?? 0));
    return 1024 + this.#http.held + sessions;
  }

  replace(_event: ImEvent, unit: Unit, _notice: string | undefined): Replacement | undefined {
    return this.#speaking?.replace(unit);
  }

  request(head: HttpHead): Session {
    const target = gatewayTarget(head.target);
    const session =
      target === undefined ? undefined : this.#sessionOf(target.session, target.opens);
    this.#sessions[Direction.ToServer] = session;
    return session;
  }

  response(head: HttpHead, request: Session): void {
    const { session: id, closes } = gatewayAnswer(head.fields.value('x-msn-messenger'));
    // Without its request, the answer's own identifier is all there is.
    const session = request ?? (id === undefined ? undefined : this.#sessionOf(id, false));
    this.#sessions[Direction.ToClient] = session;
    this.#closes = closes;
    if (session !== undefined && id !== undefined) this.#known.remember(session, id);
  }

  body(direction: Direction, octets: Uint8Array, from: number): void {
    const session = this.#sessions[direction];
    if (session === undefined || this.#sink === undefined) return;
    this.#speaking = session;
    session.push(this, this.#context, direction, octets, from, this.#sink);
    this.#speaking = undefined;
  }

  complete(direction: Direction, _to: number, whole: boolean): void {
    const session = this.#sessions[direction];
    if (session === undefined || this.#sink === undefined) return;
    session.pause(direction);
    if (!this.#known.keeps(session)) this.anomaly(Anomaly.SessionTooLarge, direction);
    // How much is missing is not known: the reader looks for the next command.
    if (!whole) session.gap(this.#context, direction, 0, this.#sink);
    if (direction === Direction.ToClient && this.#closes) {
      this.#known.forget(session);
      session.end(this.#context, this.#sink);
    }
    this.#sessions[direction] = undefined;
  }

  lost(direction: Direction, octets: number): void {
    if (this.#sink === undefined) return;
    this.#sessions[direction]?.gap(this.#context, direction, octets, this.#sink);
  }

  anomaly(name: string, direction: Direction): void {
    this.#sink?.anomaly(name, direction);
  }

  #sessionOf(id: string | undefined, opens: boolean): GatewaySession | undefined {
    if (id === undefined) return opens ? new GatewaySession(this.#context, false) : undefined;
    const known = this.#known.find(id);
    if (known !== undefined) return known;
    this.#sink?.anomaly(Anomaly.UnknownSession, Direction.ToServer);
    const session = new GatewaySession(this.#context, true);
    this.#known.remember(session, id);
    return session;
  }

  #status(): Status {
    const { ToServer, ToClient } = Direction;
    return this.#http.readable(ToServer) || this.#http.readable(ToClient)
      ? Status.More
      : Status.Lost;
  }
}
