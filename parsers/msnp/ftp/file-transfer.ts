/** The one file of an MSNFTP connection: which offer it is, what passed of it, and the events it becomes. */
import { type FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import {
  type ContentFollower,
  Direction,
  type FlowContext,
  type ParserSink,
  type TransferOffer,
  type Unit,
} from '../../contract.ts';
import { FtpAnomaly } from './anomalies.ts';
import { cookieKey } from './data-expected.ts';
import { TEXT_LIMIT } from './ftp-limits.ts';

const SIZE = /^(\d{1,15})\s*$/;

export class FileTransfer {
  sink: ParserSink | undefined = undefined;
  /** Direction of the content; -1 before `FIL`. */
  content: Direction | -1 = -1;
  readonly #context: FlowContext;
  #offer: TransferOffer | undefined;
  /** Who says that he receives, where nobody was invited. */
  #receiver: string | undefined = undefined;
  #size: number | undefined = undefined;
  #octets = 0;
  #started = false;
  #over = false;
  #broken = false;
  #beyond = false;
  /** Odd things since the last event: what is said next is about them. */
  #anomalies: readonly string[] | undefined = undefined;
  #follower: ContentFollower | undefined = undefined;
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: -1,
  };

  constructor(context: FlowContext) {
    this.#context = context;
    this.#offer = context.expected?.offer;
  }

  /** Where what is said next stands. */
  at(direction: Direction, start: number, end: number): void {
    this.#unit.direction = direction;
    this.#unit.start = start;
    this.#unit.end = end;
  }

  anomaly(name: FtpAnomaly): void {
    const before = this.#anomalies ?? [];
    if (!before.includes(name)) this.#anomalies = [...before, name];
    this.sink?.anomaly(name, this.#unit.direction);
  }

  /** `USR address AuthCookie`: which of the offers this is. */
  receiver(direction: Direction, rest: string): void {
    const [address = '', cookie = ''] = rest.trim().split(' ');
    this.#receiver = address.slice(0, TEXT_LIMIT).toLowerCase() || undefined;
    if (this.content === -1 && this.#offer === undefined) this.content = opposite(direction);
    const key = cookie.slice(0, TEXT_LIMIT);
    const known = this.#context.memory.get(cookieKey(key)) as TransferOffer | undefined;
    const waiting = this.#context.expectedByToken(key)?.offer;
    const named = known ?? waiting;
    if (named !== undefined) this.#offer = named;
    const invited = this.#offer?.recipient;
    if (invited !== undefined && invited !== this.#receiver) {
      this.anomaly(FtpAnomaly.OtherReceiver);
    }
  }

  /** `FIL size`. False where it is none, or a second one. */
  file(direction: Direction, rest: string): boolean {
    if (this.#size !== undefined || this.#over) {
      this.anomaly(FtpAnomaly.BadLine);
      return false;
    }
    this.content = direction;
    const digits = SIZE.exec(rest)?.[1];
    if (digits === undefined) this.anomaly(FtpAnomaly.BadSize);
    else this.#size = Number(digits);
    const offered = this.#offer?.size;
    if (offered !== undefined && this.#size !== undefined && offered !== this.#size) {
      this.anomaly(FtpAnomaly.SizeMismatch);
    }
    return true;
  }

  start(): void {
    if (this.#started || this.#over) return;
    this.#started = true;
    this.#follower = this.#context.follow();
    this.#say('file.start', this.#size);
  }

  write(buffer: Uint8Array, start: number, end: number, to: number): void {
    if (this.#over) {
      if (!this.#beyond) this.anomaly(FtpAnomaly.BeyondSize);
      this.#beyond = true;
      return;
    }
    const left = this.#size === undefined ? end - start : this.#size - this.#octets;
    const last = Math.min(end, start + left);
    this.#octets += last - start;
    this.#follower?.write(buffer.subarray(start, last));
    this.#unit.end = to - (end - last);
    if (this.#octets === this.#size) this.#complete();
    if (last === end) return;
    this.#beyond = true;
    this.anomaly(FtpAnomaly.BeyondSize);
  }

  /** Octets were lost, `within` of them content. */
  lost(direction: Direction, within: number, to: number): void {
    if (direction !== this.content || this.#over) return;
    this.#broken = true;
    this.#follower?.discard();
    this.#follower = undefined;
    this.#octets += within;
    this.#unit.end = to;
    if (this.#started && this.#octets === this.#size) this.#complete();
  }

  /** `01 00 00`: all of it, or the sender gave up. */
  lastBlock(): void {
    if (this.#over) return;
    this.start();
    if (this.#size === undefined || this.#octets === this.#size) this.#complete();
    else this.giveUp('incomplete');
  }

  /** The receiver is content, or is not. */
  bye(success: boolean, reason: string): void {
    if (this.#over || this.content === -1) return;
    if (success && (this.#size === this.#octets || this.#size === undefined)) this.lastBlock();
    else this.giveUp(reason);
  }

  giveUp(reason: string): void {
    // A connection on which no file was named is one of several tried.
    if (this.#over || (this.#size === undefined && !this.#started)) return;
    this.#over = true;
    this.#follower?.discard();
    this.#follower = undefined;
    this.#say('file.cancel', this.#octets, this.#broken ? 'gap' : reason.slice(0, TEXT_LIMIT));
  }

  unknown(command: string): void {
    const event = this.#newEvent('app.unknown');
    event.reason = command;
    this.sink?.event(event, this.#unit);
  }

  #complete(): void {
    this.#over = true;
    const sha256 = this.#broken ? undefined : this.#follower?.finish();
    this.#follower = undefined;
    this.#say('file.complete', this.#octets, this.#broken ? 'gap' : undefined, sha256);
  }

  #say(kind: EventKind, size: number | undefined, reason?: string, sha256?: string): void {
    const event = this.#newEvent(kind);
    const file: FileReference = { method: 'msnftp', endpoint: this.#endpoint() };
    const { name, token } = this.#offer ?? {};
    if (name !== undefined) file.name = name;
    if (size !== undefined) file.size = size;
    if (token !== undefined) file.token = token;
    if (sha256 !== undefined) file.sha256 = sha256;
    event.file = file;
    event.reason = reason;
    this.sink?.event(event, this.#unit);
  }

  #newEvent(kind: EventKind): ImEvent {
    const event = new ImEvent(kind);
    const offer = this.#offer;
    const recipient = offer?.recipient ?? this.#receiver;
    event.service = 'msn';
    event.protocol = 'msnftp';
    event.account = offer?.account;
    // The account's own file is the client's, whoever opened the connection.
    const own = offer?.account !== undefined && offer.sender === offer.account;
    const known = offer?.account !== undefined && offer.sender !== undefined;
    const toServer = this.content === Direction.ToServer;
    event.origin = (known ? own : toServer) ? 'client' : 'server';
    event.from = offer?.sender;
    event.to = recipient === undefined ? undefined : [recipient];
    event.route = 'direct';
    event.anomalies = this.#anomalies;
    this.#anomalies = undefined;
    return event;
  }

  #endpoint(): string {
    const { serverAddress, serverPort } = this.#context;
    const address = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    return `${address}:${serverPort}`;
  }
}

function opposite(direction: Direction): Direction {
  return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
}
