/**
 * Whose server a plain HTTP connection is to, by the head of its first request; nothing else of it is read.
 *
 * A connection to a proxy may go to another host with each request: there every head is looked at, and each is a
 * unit of its own. Answers say nothing of the service.
 */
import { Direction, type FlowParser, type ParserSink, Status, type Unit } from '../contract.ts';
import { HttpFlow, type HttpListener } from '../framing/http.ts';
import type { HttpHead } from '../framing/http-head.ts';
import { type HttpTarget, httpTarget } from '../framing/http-target.ts';
import { Anomaly } from './anomalies.ts';
import { BODY_LOOK, headSignature, mayBeTelegram, telegramBody } from './signatures.ts';

const SELF = 1024; // octets of the parser itself: measured, and rounded up

export class HttpHostParser implements FlowParser, HttpListener<undefined> {
  readonly #http = new HttpFlow<undefined>(this);
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: -1,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: -1,
  };
  #sink: ParserSink | undefined = undefined;
  #status: Status = Status.More;
  /** Octets of a body that may tell more than its head. */
  #body: Uint8Array | undefined = undefined;
  #bodyUsed = 0;
  /** What its head names. */
  #asked: HttpTarget | undefined = undefined;
  #version = '';

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (direction === Direction.ToClient) return Status.More;
    this.#sink = sink;
    this.#http.push(direction, octets);
    this.#sink = undefined;
    if (!this.#http.readable(direction)) return Status.Done;
    return this.#status;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (direction === Direction.ToClient) return Status.More;
    this.#sink = sink;
    this.#http.gap(direction, octets);
    this.#sink = undefined;
    return this.#http.readable(direction) ? this.#status : Status.Done;
  }

  end(): void {}

  /** Half a head is nothing that a server could answer: it may go on, and no page waits. */
  holdFrom(): number {
    return -1;
  }

  held(): number {
    return SELF + this.#http.held + (this.#body?.length ?? 0);
  }

  request(head: HttpHead): undefined {
    if (this.#status !== Status.More) return;
    this.#version = head.version.slice('HTTP/'.length);
    if (head.method === 'CONNECT') {
      this.#sink?.anomaly(Anomaly.LateConnect, Direction.ToServer);
      this.#status = Status.Done;
      return;
    }
    const target = httpTarget(head);
    this.#unit.start = head.from;
    this.#unit.end = head.chunked ? -1 : head.to + Math.max(0, head.contentLength);
    if (mayBeTelegram(head)) {
      this.#asked = target;
      this.#body = new Uint8Array(BODY_LOOK);
      this.#bodyUsed = 0;
    } else this.#tell(target, headSignature(head));
  }

  response(): void {}

  body(_direction: Direction, octets: Uint8Array): void {
    const body = this.#body;
    if (body === undefined) return;
    const part = octets.subarray(0, BODY_LOOK - this.#bodyUsed);
    body.set(part, this.#bodyUsed);
    this.#bodyUsed += part.length;
    if (this.#bodyUsed === BODY_LOOK) this.#bodySeen(telegramBody(body));
  }

  complete(): void {}

  lost(): void {
    if (this.#body !== undefined) this.#bodySeen(false);
  }

  anomaly(name: string): void {
    const isReading = this.#status === Status.More;
    if (isReading && name === Anomaly.HeadTooLong) this.#sink?.anomaly(name, Direction.ToServer);
  }

  #bodySeen(isTelegram: boolean): void {
    this.#body = undefined;
    if (this.#asked !== undefined) {
      this.#tell(this.#asked, isTelegram ? 'telegram-http' : undefined);
    }
    this.#asked = undefined;
  }

  #tell({ hosts, viaProxy, mismatch }: HttpTarget, signature: string | undefined): void {
    if (!viaProxy) this.#status = Status.Done;
    const sink = this.#sink;
    // A proxy's address says nothing of where it goes.
    if (!viaProxy || hosts.length > 0 || signature !== undefined) {
      sink?.identify({
        evidence: 'host',
        hosts,
        signatures: signature === undefined ? undefined : [signature],
        unit: viaProxy ? this.#unit : undefined,
        protocolVersion: this.#version,
        reason: 'HTTP is not read',
      });
    }
    if (mismatch) sink?.anomaly(Anomaly.HostMismatch, Direction.ToServer);
  }
}
