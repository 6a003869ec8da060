/**
 * A WebSocket in clear (RFC 6455): whose it is by the request's hosts and subprotocols, or by how the first messages
 * inside begin. Nothing else of it is read.
 */
import { Direction, type FlowParser, type ParserSink, Status } from '../contract.ts';
import { HEAD_LIMIT, headEnd } from '../framing/http.ts';
import { HttpHead } from '../framing/http-head.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { Anomaly } from './anomalies.ts';
import { type FrameListener, Frames, LOOK } from './frames.ts';
import { whatIsInside } from './payload.ts';
import { readUpgrade, type Upgrade } from './upgrade.ts';
import { wstunnelTarget } from './wstunnel.ts';

/** Messages that are looked at; servers may greet before their clients speak. */
const CLIENT_MESSAGES = 4;
const SERVER_MESSAGES = 16;
const SELF = 2048 + 2 * LOOK; // octets of the parser itself: measured, and rounded up
const SWITCHING = 101; // RFC 9110 §15.2.2

export class WebSocketParser implements FlowParser {
  readonly #heads = [new OctetHold(), new OctetHold()] as const;
  readonly #isUpgraded: [boolean, boolean] = [false, false];
  readonly #messages: [number, number] = [0, 0];
  readonly #frames = [
    new Frames(this.#listener(Direction.ToServer)),
    new Frames(this.#listener(Direction.ToClient)),
  ] as const;
  #upgrade: Upgrade | undefined = undefined;
  #sink: ParserSink | undefined = undefined;
  #status: Status = Status.More;
  #isTunnel = false;
  #isMaskOdd = false;

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#sink = sink;
    let at = 0;
    while (at < octets.length && !this.#isUpgraded[direction] && this.#status === Status.More) {
      at = this.#headPart(direction, octets, at);
    }
    const frames = this.#frames[direction];
    if (this.#status === Status.More && at < octets.length) {
      frames.push(octets, at);
      if (frames.broken && this.#isReading()) {
        sink.anomaly(Anomaly.Frame, direction);
        this.#status = Status.Done;
      }
    }
    this.#sink = undefined;
    return this.#status;
  }

  /** What is said does not depend on what comes in the same piece behind the end. */
  #isReading(): boolean {
    return this.#status === Status.More;
  }

  gap(): Status {
    return Status.Done;
  }

  end(): void {}

  /** Half a head, or half a first message, is nothing that a server could answer: it may go on. */
  holdFrom(): number {
    return -1;
  }

  held(): number {
    return SELF + this.#heads[0].size + this.#heads[1].size;
  }

  /** Where the next octet of the piece begins. */
  #headPart(direction: Direction, octets: Uint8Array, at: number): number {
    const hold = this.#heads[direction];
    const before = hold.used;
    const most = Math.min(octets.length, at + HEAD_LIMIT - before);
    hold.append(octets, at, most);
    const end = headEnd(hold.buffer, hold.used, Math.max(0, before - 3));
    if (end === -1) {
      if (hold.used >= HEAD_LIMIT) this.#status = Status.Done;
      return most;
    }
    const head = new HttpHead();
    const isRequest = direction === Direction.ToServer;
    if (!head.read(hold.buffer, 0, end, isRequest)) this.#status = Status.Done;
    else if (isRequest) this.#requested(head);
    else this.#answered(head);
    hold.release();
    return at + end - before;
  }

  #requested(head: HttpHead): void {
    const upgrade = readUpgrade(head);
    this.#upgrade = upgrade;
    this.#isUpgraded[Direction.ToServer] = true;
    const target = wstunnelTarget(upgrade.subprotocols);
    const hosts = target ? [target, ...upgrade.hosts] : upgrade.hosts;
    const signatures =
      target === undefined ? upgrade.signatures : ['websocket:wstunnel', ...upgrade.signatures];
    this.#identify(hosts, signatures);
    // The page that opens it is a hint: pages use others' servers.
    if (this.#status === Status.More && upgrade.origin !== undefined) {
      this.#identify([upgrade.origin], [], 'low');
    }
    if (upgrade.mismatch) this.#sink?.anomaly(Anomaly.HostMismatch, Direction.ToServer);
    if (target !== undefined) this.#tunnel(Direction.ToServer);
    if (!upgrade.isFramed) this.#status = Status.Done;
  }

  #answered({ status }: HttpHead): void {
    if (status === SWITCHING) this.#isUpgraded[Direction.ToClient] = true;
    else if (status >= 200) this.#status = Status.Done;
  }

  #listener(direction: Direction): FrameListener {
    return {
      message: (octets) => this.#message(direction, octets),
      compressed: () => this.#counted(direction),
      masked: (isMasked) => {
        const isRight = isMasked === (direction === Direction.ToServer);
        if (isRight || this.#isMaskOdd || !this.#isReading()) return;
        this.#isMaskOdd = true;
        this.#sink?.anomaly(Anomaly.Mask, direction);
      },
    };
  }

  #message(direction: Direction, octets: Uint8Array): void {
    if (this.#status !== Status.More) return;
    const inside = whatIsInside(octets);
    if (inside !== undefined) {
      this.#identify(this.#upgrade?.hosts ?? [], [inside.signature]);
      if (inside.isTunnel) this.#tunnel(direction);
    }
    this.#counted(direction);
  }

  #counted(direction: Direction): void {
    const count = this.#messages[direction] + 1;
    this.#messages[direction] = count;
    const most = direction === Direction.ToServer ? CLIENT_MESSAGES : SERVER_MESSAGES;
    if (count >= most) this.#status = Status.Done;
  }

  #tunnel(direction: Direction): void {
    if (this.#isTunnel) return;
    this.#isTunnel = true;
    this.#sink?.anomaly(Anomaly.Tunnel, direction);
  }

  /** What is known is not read on. */
  #identify(hosts: readonly string[], signatures: readonly string[], confidence?: 'low'): void {
    const reason = 'WebSocket is not read';
    const known = this.#sink?.identify({ evidence: 'host', hosts, signatures, confidence, reason });
    if (known === true) this.#status = Status.Done;
  }
}
