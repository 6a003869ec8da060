/**
 * HTTP connections of Yahoo! clients: uploads, relays, files fetched from where an offer says, and the
 * pager itself inside HTTP. Framing: ../framing/http.ts; one file: http-leg.ts.
 *
 * A connection that an offer announced by address and port only may turn out to be somebody else's:
 * then all of it is handed on, and the announcement stands.
 */
import type { ImEvent } from '../../src/event/event.ts';
import {
  ANY_PROTOCOL,
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { HttpFlow, type HttpListener } from '../framing/http.ts';
import type { HttpHead } from '../framing/http-head.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { Anomaly } from './anomalies.ts';
import { HttpLeg } from './http-leg.ts';
import { beginsRequest } from './http-probe.ts';
import { KnownTransfers } from './known-transfers.ts';
import { relayLeg, uploadLeg } from './legs.ts';
import { NotifyUpload } from './notify-upload.ts';
import { Pager } from './pager.ts';
import { endpointOf } from './transfer-events.ts';

/** Octets of a connection with empty buffers: measured, and rounded up. */
const HELD = 4096;
const REFUSED = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** What a request is about: kept until its response. */
interface Request {
  leg: HttpLeg | undefined;
  readonly upload: NotifyUpload | undefined;
  /** Packets of the pager travel in both bodies. */
  readonly isTunnel: boolean;
}

export class HttpLegs implements FlowParser, HttpListener<Request> {
  readonly #context: FlowContext;
  readonly #known: KnownTransfers;
  readonly #http = new HttpFlow<Request>(this);
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #sink: ParserSink | undefined = undefined;
  #pager: Pager | undefined = undefined;
  /** The messages under way. */
  #asking: Request | undefined = undefined;
  #answered: Request | undefined = undefined;
  /** A file that was asked for. */
  #awaited: HttpLeg | undefined = undefined;
  /** Whose connection it is, is not known yet: everything is kept to be handed on. */
  #doubtful: boolean;
  #isOurs = false;
  readonly #kept = new OctetHold();

  constructor(context: FlowContext) {
    this.#context = context;
    this.#known = new KnownTransfers(context.memory);
    this.#doubtful = context.expected !== undefined;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#sink = sink;
    if (this.#doubtful) return this.#doubt(direction, octets, sink);
    this.#http.push(direction, octets);
    return this.#status();
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    this.#sink = sink;
    this.#http.gap(direction, octets);
    const leg = this.#awaited;
    // The beginning of the answer is missing: what follows cannot be told apart from it.
    if (leg?.open === true && !this.#http.readable(leg.content)) {
      leg.cancel(sink, this.#unit(leg.content, -1, -1), 'gap');
    }
    return this.#status();
  }

  end(direction: Direction, sink: ParserSink): void {
    this.#sink = sink;
    this.#http.end(direction);
    const leg = this.#awaited;
    if (direction === Direction.ToClient && leg?.open === true) {
      leg.cancel(sink, this.#unit(direction, -1, -1), 'no answer');
    }
    this.#sink = undefined;
  }

  holdFrom(direction: Direction): number {
    const inTunnel = this.#pager?.pending(direction) ?? -1;
    if (inTunnel !== -1 || direction === Direction.ToClient) return inTunnel;
    const asking = this.#asking;
    const undecided = asking?.upload !== undefined && asking.leg === undefined;
    return asking === undefined || undecided ? this.#http.pending(direction) : -1;
  }

  held(): number {
    const upload = this.#asking?.upload?.held ?? 0;
    return HELD + this.#kept.size + this.#http.held + upload + (this.#pager?.held() ?? 0);
  }

  replace(event: ImEvent, unit: Unit, _notice: string | undefined): Replacement | undefined {
    const fits = event.kind === 'file.offer' || event.kind === 'file.start';
    if (!fits || unit.direction !== Direction.ToServer || unit.head !== 0) return undefined;
    const back = Uint8Array.from(REFUSED, (c) => c.charCodeAt(0));
    return { forward: new Uint8Array(0), back };
  }

  request(head: HttpHead): Request {
    const { path, method } = head;
    const isTunnel = method === 'POST' && /^\/notify\/?$/.test(path);
    if (isTunnel) this.#pager ??= new Pager(this.#context, 'ymsg-http');
    const upload = method === 'POST' && path === '/notifyft' ? new NotifyUpload() : undefined;
    const target = head.target.replace(/^http:\/\/[^/?]*/i, '');
    let leg: HttpLeg | undefined;
    if (path === '/relay') leg = relayLeg(this.#context, this.#known, head);
    else if (!isTunnel && upload === undefined) leg = this.#announced(head.method, target);
    this.#isOurs ||= isTunnel || upload !== undefined || leg !== undefined;
    if (this.#doubtful)
      this.#arrived(leg === undefined || path === '/relay' ? undefined : target, method);
    // HEAD asks for the size only: the file comes with another request.
    if (method === 'HEAD') leg = undefined;
    if (leg !== undefined && this.#sink !== undefined) {
      const { refusedToken } = leg.transfer;
      if (refusedToken !== undefined) this.#context.expectedByToken(refusedToken);
      leg.start(this.#sink, this.#unit(Direction.ToServer, head.from, -1));
      this.#awaited = leg.content === Direction.ToClient ? leg : undefined;
    }
    const request = { leg, upload, isTunnel };
    this.#asking = request;
    return request;
  }

  response(head: HttpHead, request: Request | undefined): void {
    // An interim answer (RFC 9110 §15.2) says nothing of the file: its own comes later.
    if (head.status < 200 && head.status !== 101) return;
    this.#answered = request;
    const leg = request?.leg;
    if (leg?.open !== true || leg.content !== Direction.ToClient) return;
    if (head.status >= 300 && this.#sink !== undefined) {
      const unit = this.#unit(Direction.ToClient, head.from, head.to);
      leg.cancel(this.#sink, unit, `status ${head.status}`);
    }
  }

  body(direction: Direction, octets: Uint8Array, from: number): void {
    const request = direction === Direction.ToServer ? this.#asking : this.#answered;
    if (request === undefined || this.#sink === undefined) return;
    if (request.isTunnel) {
      this.#pager?.seek(direction, from);
      this.#pager?.push(direction, octets, this.#sink);
      return;
    }
    const { leg, upload } = request;
    if (direction === Direction.ToServer && upload !== undefined && leg === undefined) {
      this.#uploading(request, upload, octets, this.#sink);
    } else if (leg?.open === true && leg.content === direction) leg.write(octets);
  }

  complete(direction: Direction, to: number, whole: boolean): void {
    const request = direction === Direction.ToServer ? this.#asking : this.#answered;
    if (request?.isTunnel) this.#pager?.cut(direction);
    const { leg, upload } = request ?? {};
    if (direction === Direction.ToServer && leg === undefined && upload?.bad === false) {
      this.anomaly(Anomaly.BadUpload, direction);
    }
    if (leg?.open === true && leg.content === direction && this.#sink !== undefined) {
      leg.end(this.#sink, this.#unit(direction, to, to), whole);
    }
    if (direction === Direction.ToServer) this.#asking = undefined;
    else this.#answered = undefined;
  }

  lost(direction: Direction, octets: number): void {
    const request = direction === Direction.ToServer ? this.#asking : this.#answered;
    if (request?.isTunnel) this.#pager?.gap(direction, octets);
    if (direction === Direction.ToServer) request?.upload?.lost();
    const leg = request?.leg;
    if (leg?.open === true && leg.content === direction) leg.lost(octets);
  }

  anomaly(name: string, direction: Direction): void {
    this.#sink?.anomaly(name, direction);
  }

  #unit(direction: Direction, start: number, end: number): Unit {
    const unit = this.#units[direction];
    unit.start = start;
    unit.end = end;
    return unit;
  }

  #status(): Status {
    this.#sink = undefined;
    const { ToServer, ToClient } = Direction;
    const readable = this.#http.readable(ToServer) || this.#http.readable(ToClient);
    return readable ? Status.More : Status.Lost;
  }

  /** The packet before the file, and the file behind it. */
  #uploading(request: Request, upload: NotifyUpload, octets: Uint8Array, sink: ParserSink): void {
    if (upload.bad) return;
    const at = upload.push(octets);
    if (upload.bad) sink.anomaly(Anomaly.BadUpload, Direction.ToServer);
    if (upload.upload === undefined || at === -1) return;
    const leg = uploadLeg(this.#context, upload.upload);
    request.leg = leg;
    this.#known.uploaded(leg.transfer);
    const unit = this.#unit(Direction.ToServer, this.#http.pending(Direction.ToServer), -1);
    leg.offer(sink, unit, upload.upload.text);
    leg.start(sink, unit);
    if (at < octets.length) leg.write(octets.subarray(at));
  }

  /** A path that an offer told, fetched from the sender or posted to the recipient. */
  #announced(method: string, target: string): HttpLeg | undefined {
    const transfer = this.#known.at(target);
    if (transfer === undefined) return undefined;
    const content = method === 'POST' ? Direction.ToServer : Direction.ToClient;
    return new HttpLeg(this.#context, transfer, transfer, content);
  }

  /** The first request of an announced connection: for this target, or somebody else's. */
  #arrived(target: string | undefined, method: string): void {
    this.#doubtful = false;
    this.#kept.release();
    const { expected } = this.#context;
    if (expected?.address === undefined) return;
    const endpoint = endpointOf(expected.address, expected.port ?? 0);
    const served = target !== undefined && method !== 'HEAD';
    const more = this.#known.came(endpoint, served ? target : undefined);
    if (more || method === 'HEAD') this.#sink?.expect(expected);
  }

  /** Octets of a connection that may be somebody else's. */
  #doubt(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (direction === Direction.ToClient) {
      // HTTP servers do not speak first.
      const asked = this.#kept.buffer.subarray(0, this.#kept.used);
      this.#arrived(undefined, '');
      return this.#handOn(sink, asked, octets);
    }
    this.#kept.append(octets, 0, octets.length);
    const { buffer, used } = this.#kept;
    const all = buffer.subarray(0, used);
    if (!beginsRequest(all)) this.#arrived(undefined, '');
    else this.#http.push(direction, octets);
    if (this.#doubtful && this.#http.readable(direction)) {
      this.#sink = undefined;
      return Status.More;
    }
    if (this.#doubtful) this.#arrived(undefined, '');
    return this.#isOurs ? this.#status() : this.#handOn(sink, all, undefined);
  }

  #handOn(
    sink: ParserSink,
    toServer: Uint8Array | undefined,
    toClient: Uint8Array | undefined,
  ): Status {
    this.#sink = undefined;
    sink.handOver(ANY_PROTOCOL, 'HTTP', toServer, toClient);
    return Status.HandOver;
  }
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: -1, textStart: -1, textEnd: -1, head: 0, form: -1 };
}
