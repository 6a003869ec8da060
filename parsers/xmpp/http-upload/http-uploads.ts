/**
 * HTTP connections to where files were announced: PUT brings one, GET fetches one; all else is passed
 * over. Framing: ../../framing/http.ts; one file: carried-file.ts.
 *
 * An announcement names an address and a port, where others may connect too. Until its first request
 * is for a file that was told, all of a connection is kept; a stranger's is handed on.
 */
import type { ImEvent } from '../../../src/event/event.ts';
import {
  ANY_PROTOCOL,
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
import { OctetHold } from '../../framing/octet-hold.ts';
import { beginsRequest } from './begins-request.ts';
import { CarriedFile } from './carried-file.ts';
import { oneAddress, placeOf, targetOf, urlOf } from './http-place.ts';
import { ASKED_LIMIT } from './http-upload-limits.ts';
import { type KnownFile, KnownFiles, placeKey } from './known-files.ts';
import { bringing, fetching } from './parties.ts';

/** Octets of a connection with empty buffers: measured, and rounded up. */
const HELD = 4096;
const MOVED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]); // RFC 9110 §15.4
const REFUSED = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** What a request is about, kept until its response: a file, or nothing of ours. */
interface Request {
  readonly file: CarriedFile | undefined;
}

export class HttpUploads implements FlowParser, HttpListener<Request> {
  readonly #context: FlowContext;
  readonly #known: KnownFiles;
  readonly #endpoint: { readonly address: string; readonly port: number };
  readonly #http = new HttpFlow<Request>(this);
  readonly #units: readonly [Unit, Unit] = [
    newUnit(Direction.ToServer),
    newUnit(Direction.ToClient),
  ];
  #sink: ParserSink | undefined = undefined;
  /** The messages under way. */
  #asking: Request | undefined = undefined;
  #answered: Request | undefined = undefined;
  /** Files whose request is not answered, or not to its end. */
  readonly #asked = new Set<CarriedFile>();
  #state: 'new' | 'doubtful' | 'ours' | 'strange' = 'new';
  readonly #kept = new OctetHold();

  constructor(context: FlowContext) {
    const { expected, memory, serverAddress, serverPort } = context;
    this.#context = context;
    this.#known = new KnownFiles(memory);
    this.#endpoint = {
      address: expected?.address ?? oneAddress(serverAddress),
      port: expected?.port ?? serverPort,
    };
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#sink = sink;
    if (this.#state === 'new') this.#announceAgain(sink);
    if (this.#state !== 'ours') return this.#doubt(direction, octets, sink);
    this.#http.push(direction, octets);
    return this.#status();
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    this.#sink = sink;
    if (this.#state === 'new') this.#announceAgain(sink);
    if (this.#state !== 'ours') return this.#handOn(sink, undefined);
    this.#http.gap(direction, octets);
    // The beginning of an answer is missing: what follows cannot be told apart from it.
    if (!this.#http.readable(Direction.ToClient)) this.#giveUp('gap');
    return this.#status();
  }

  end(direction: Direction, sink: ParserSink): void {
    if (this.#state !== 'ours') return;
    this.#sink = sink;
    this.#http.end(direction);
    if (direction === Direction.ToClient) this.#giveUp('no answer');
    this.#sink = undefined;
  }

  holdFrom(direction: Direction): number {
    const undecided = direction === Direction.ToServer && this.#asking === undefined;
    return undecided ? this.#http.pending(direction) : -1;
  }

  held(): number {
    let octets = HELD + this.#kept.size + this.#http.held;
    for (const file of this.#asked) octets += file.held;
    return octets;
  }

  replace(event: ImEvent, unit: Unit, _notice: string | undefined): Replacement | undefined {
    if (event.kind !== 'file.start' || unit.direction !== Direction.ToServer) return undefined;
    const back = Uint8Array.from(REFUSED, (c) => c.charCodeAt(0));
    return { forward: new Uint8Array(0), back };
  }

  request(head: HttpHead): Request {
    const target = targetOf(head.target) ?? '';
    const put = this.#known.find('put', this.#endpoint, target);
    const get = this.#known.find('get', this.#endpoint, target);
    // HEAD asks about a file, OPTIONS whether it may be brought: the file comes with another request.
    this.#firstRequest(put !== undefined || get !== undefined);
    let file = this.#state === 'ours' ? this.#fileOf(head.method, target, put, get) : undefined;
    if (file !== undefined) {
      if (this.#asked.size < ASKED_LIMIT) this.#asked.add(file);
      else if (file.content === Direction.ToClient) file = undefined; // its answer will not be known
    }
    if (this.#sink !== undefined) {
      file?.start(this.#sink, this.#unit(Direction.ToServer, head.from, -1));
    }
    if (file?.content === Direction.ToServer) file.describe(head);
    this.#asking = { file };
    return this.#asking;
  }

  response(head: HttpHead, request: Request | undefined): void {
    const { status } = head;
    // An interim answer is none yet.
    const isInterim = status < 200 && status !== 101;
    this.#answered = isInterim ? undefined : request;
    const file = request?.file;
    if (file === undefined || isInterim) return;
    if (status < 200 || status >= 300) {
      this.#refused(file, head);
      if (MOVED.has(status)) this.#moved(file, head);
    } else if (file.content === Direction.ToClient) file.describe(head);
    else this.#asked.delete(file);
  }

  body(direction: Direction, octets: Uint8Array, _from: number): void {
    const file = this.#underWay(direction);
    if (file?.open === true) file.write(octets);
  }

  complete(direction: Direction, to: number, whole: boolean): void {
    const file = this.#underWay(direction);
    if (file?.open === true && this.#sink !== undefined) {
      file.end(this.#sink, this.#unit(direction, to, to), whole);
    }
    if (direction === Direction.ToServer) this.#asking = undefined;
    else {
      if (file !== undefined) this.#asked.delete(file);
      this.#answered = undefined;
    }
  }

  lost(direction: Direction, octets: number): void {
    const file = this.#underWay(direction);
    if (file?.open === true) file.lost(octets);
  }

  anomaly(name: string, direction: Direction): void {
    this.#sink?.anomaly(name, direction);
  }

  #fileOf(
    method: string,
    target: string,
    put: KnownFile | undefined,
    get: KnownFile | undefined,
  ): CarriedFile | undefined {
    const isPut = method === 'PUT';
    const known = isPut ? put : get;
    if (known === undefined || !(isPut || method === 'GET')) return undefined;
    this.#stopRefused(isPut ? 'put' : 'get', known, target);
    const parties = isPut ? bringing(known) : fetching(known, this.#context.clientAddress);
    return parties && new CarriedFile(this.#context, known, parties, target);
  }

  /** What told the file last counts. */
  #stopRefused(way: 'put' | 'get', { upload, told }: KnownFile, target: string): void {
    const last = way === 'put' ? upload : (told.at(-1) ?? upload);
    if (last?.refused === true) {
      this.#context.expectedByToken(placeKey(way, this.#endpoint, target));
    }
  }

  /** The file whose content the message under way is. */
  #underWay(direction: Direction): CarriedFile | undefined {
    const file = direction === Direction.ToServer ? this.#asking?.file : this.#answered?.file;
    return file?.content === direction ? file : undefined;
  }

  /** An answer other than success: nothing was fetched, or what was brought is not taken. */
  #refused(file: CarriedFile, head: HttpHead): void {
    this.#asked.delete(file);
    const unit = this.#unit(Direction.ToClient, head.from, head.to);
    if (this.#sink !== undefined) file.cancel(this.#sink, unit, `status ${head.status}`);
  }

  /** The client will ask for it, or bring it, where the server says. */
  #moved(file: CarriedFile, head: HttpHead): void {
    const { expected, serverAddress } = this.#context;
    const location = head.fields.value('location');
    const here = urlOf({ ...this.#endpoint, target: file.target });
    const place = location === undefined ? undefined : placeOf(location, serverAddress, here);
    if (expected === undefined || place === undefined) return;
    this.#known.move(file.content === Direction.ToServer ? 'put' : 'get', place, file.known);
    this.#sink?.expect({ ...expected, address: place.address, port: place.port });
  }

  /** Of what was asked for nothing more will be read. */
  #giveUp(reason: string): void {
    const unit = this.#unit(Direction.ToClient, -1, -1);
    for (const file of this.#asked) {
      const isAwaited = file.open && file.content === Direction.ToClient;
      if (isAwaited && this.#sink !== undefined) file.cancel(this.#sink, unit, reason);
    }
    this.#asked.clear();
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

  /** Others may come for the same file, or for another one there. */
  #announceAgain(sink: ParserSink): void {
    this.#state = 'doubtful';
    const { expected } = this.#context;
    if (expected !== undefined && this.#known.came(this.#endpoint)) sink.expect(expected);
  }

  #firstRequest(isTold: boolean): void {
    if (this.#state !== 'doubtful') return;
    this.#state = isTold ? 'ours' : 'strange';
    if (!isTold) return;
    this.#kept.release();
    this.#known.wasOurs(this.#endpoint);
    const { expected } = this.#context;
    if (expected !== undefined) this.#sink?.expect(expected);
  }

  /** Octets of a connection that may be somebody else's. */
  #doubt(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    // HTTP servers do not speak first.
    if (direction === Direction.ToClient) return this.#handOn(sink, octets);
    this.#kept.append(octets, 0, octets.length);
    if (beginsRequest(this.#kept.buffer.subarray(0, this.#kept.used))) {
      this.#http.push(direction, octets);
    } else this.#state = 'strange';
    if (this.#state === 'ours') return this.#status();
    if (this.#state === 'doubtful' && this.#http.readable(direction)) {
      this.#sink = undefined;
      return Status.More;
    }
    return this.#handOn(sink, undefined);
  }

  /** With what was kept. */
  #handOn(sink: ParserSink, toClient: Uint8Array | undefined): Status {
    this.#sink = undefined;
    const { buffer, used } = this.#kept;
    const toServer = used === 0 ? undefined : buffer.subarray(0, used);
    sink.handOver(ANY_PROTOCOL, 'HTTP', toServer, toClient);
    return Status.HandOver;
  }
}

function newUnit(direction: Direction): Unit {
  return { direction, start: 0, end: -1, textStart: -1, textEnd: -1, head: 0, form: -1 };
}
