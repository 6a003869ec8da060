/**
 * One file on its way over HTTP: to a relay, from it, or between two clients.
 *
 *   file.start     its request: before anything of it has passed
 *   file.complete  its last octet; size as counted, sha256 of what passed unless octets are missing
 *   file.cancel    it ended early (`incomplete`), or the answer was another than 200 (`status …`)
 *
 * The second leg of a file that has passed whole before is a copy (`carbon`): reports count it once.
 */
import { type FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ContentFollower, Direction, FlowContext, ParserSink, Unit } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { KnownTransfer } from './known-transfers.ts';

export interface LegParties {
  /** Who is signed in at the client of this connection, and whose content it is. */
  readonly account: string | undefined;
  readonly origin: 'client' | 'server';
}

export class HttpLeg {
  readonly transfer: KnownTransfer;
  /** The side whose octets are the content. */
  readonly content: Direction;
  readonly #parties: LegParties;
  readonly #context: FlowContext;
  protocolVersion: string | undefined = undefined;
  #follower: ContentFollower | undefined = undefined;
  #received = 0;
  #lost = 0;
  #open = false;

  constructor(
    context: FlowContext,
    transfer: KnownTransfer,
    parties: LegParties,
    content: Direction,
  ) {
    this.#context = context;
    this.transfer = transfer;
    this.#parties = parties;
    this.content = content;
  }

  /** Said, and not ended. */
  get open(): boolean {
    return this.#open;
  }

  offer(sink: ParserSink, unit: Unit, text: string | undefined): void {
    const event = this.#event('file.offer');
    event.file = this.#file(this.transfer.size);
    event.text = text;
    sink.event(event, unit);
  }

  start(sink: ParserSink, unit: Unit): void {
    this.#open = true;
    this.#follower = this.#context.follow();
    const event = this.#event('file.start');
    event.file = this.#file(this.transfer.size);
    sink.event(event, unit);
  }

  write(octets: Uint8Array): void {
    this.#received += octets.length;
    this.#follower?.write(octets);
  }

  lost(octets: number): void {
    this.#received += octets;
    this.#lost += octets;
    this.#drop();
  }

  /** The message that carries it has ended. */
  end(sink: ParserSink, unit: Unit, whole: boolean): void {
    const { size } = this.transfer;
    if (!whole && (this.#lost === 0 || (size !== undefined && this.#received < size))) {
      this.cancel(sink, unit, 'incomplete');
      return;
    }
    if (size !== undefined && size !== this.#received) {
      sink.anomaly(Anomaly.SizeMismatch, unit.direction);
    }
    this.#open = false;
    const file = this.#file(this.#received);
    const hash = this.#follower?.finish();
    this.#follower = undefined;
    if (hash !== undefined && this.#lost === 0) file.sha256 = hash;
    const event = this.#event('file.complete');
    event.file = file;
    if (this.#lost > 0) event.reason = 'gap';
    if (size !== undefined && size !== this.#received) event.anomalies = [Anomaly.SizeMismatch];
    if (this.#lost === 0) this.transfer.passed = true;
    sink.event(event, unit);
  }

  cancel(sink: ParserSink, unit: Unit, reason: string): void {
    this.#open = false;
    this.#drop();
    const event = this.#event('file.cancel');
    event.file = this.#file(this.#received);
    event.reason = reason;
    sink.event(event, unit);
  }

  #drop(): void {
    this.#follower?.discard();
    this.#follower = undefined;
  }

  #file(size: number | undefined): FileReference {
    const { name, token, url, method, purpose } = this.transfer;
    const { serverAddress, serverPort } = this.#context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    const endpoint = serverAddress === '' ? undefined : `${host}:${serverPort}`;
    return { name, size, method, token, url, endpoint, purpose };
  }

  #event(kind: EventKind): ImEvent {
    const { sender, recipient } = this.transfer;
    const event = new ImEvent(kind);
    event.service = 'yahoo';
    event.protocol = 'ymsg-http';
    event.origin = this.#parties.origin;
    event.account = this.#parties.account;
    event.from = sender;
    if (recipient !== undefined) event.to = [recipient];
    event.route = 'direct';
    event.protocolVersion = this.protocolVersion;
    if (this.transfer.passed || this.transfer.source?.passed === true) event.copy = 'carbon';
    return event;
  }
}
