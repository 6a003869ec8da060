/** What is said of the files of one OFT connection, and the units that it is said of. */
import type { ImEvent } from '../../../src/event/event.ts';
import { Direction, type FlowContext, type ParserSink, type Unit } from '../../contract.ts';
import { OftAnomaly } from './anomalies.ts';
import { oftEvent } from './oft-events.ts';
import type { OftHeader } from './oft-header.ts';
import type { OftTies } from './oft-ties.ts';
import { OftTransfer } from './oft-transfer.ts';

export class OftReports {
  readonly #context: FlowContext;
  readonly #ties: OftTies;
  /** Content cannot vanish: a refusal is a reset. */
  readonly #unit: Unit;

  constructor(context: FlowContext, ties: OftTies) {
    this.#context = context;
    this.#ties = ties;
    this.#unit = { direction: 0, start: 0, end: -1, textStart: -1, textEnd: -1, head: 0, form: -1 };
  }

  /** The receiver takes the file; `at`: stream offset of its first octet. */
  start(transfer: OftTransfer, at: number, sink: ParserSink): void {
    if (transfer.started) return;
    transfer.started = true;
    transfer.contentStart = at;
    transfer.follower = this.#context.follow();
    const odd = this.#ties.differences(transfer);
    if (transfer.header.encoded) odd.push(OftAnomaly.Encoded);
    transfer.odd = odd;
    for (const name of odd) sink.anomaly(name, transfer.direction);
    const event = oftEvent('file.start', transfer, this.#context, odd);
    this.#say(event, transfer, -1, sink);
    if (transfer.left === 0) this.complete(transfer, at, sink);
  }

  /** `at`: stream offset behind these octets. */
  write(transfer: OftTransfer, octets: Uint8Array, at: number, sink: ParserSink): void {
    if (transfer.ended) return;
    transfer.write(octets);
    if (transfer.left === 0) this.complete(transfer, at, sink);
  }

  /** `at`: stream offset behind the last octet. */
  complete(transfer: OftTransfer, at: number, sink: ParserSink): void {
    if (transfer.ended) return;
    transfer.ended = true;
    const { record, header } = transfer;
    if (record !== undefined && header.filesLeft <= 1) record.done = true;
    const odd = [...transfer.odd];
    if (!transfer.checksumAgrees) {
      odd.push(OftAnomaly.ChecksumDiffers);
      sink.anomaly(OftAnomaly.ChecksumDiffers, transfer.direction);
    }
    const event = oftEvent('file.complete', transfer, this.#context, odd);
    const hash = transfer.follower?.finish();
    transfer.follower = undefined;
    if (event.file !== undefined) {
      event.file.size = transfer.counted;
      if (hash !== undefined && transfer.lost === 0) event.file.sha256 = hash;
    }
    if (transfer.lost > 0) event.reason = 'gap';
    this.#say(event, transfer, at, sink);
  }

  /** A file that started and will not become whole; `at`: stream offset where it was given up. */
  giveUp(transfer: OftTransfer, at: number, sink: ParserSink): void {
    if (!transfer.started || transfer.ended) return;
    transfer.ended = true;
    transfer.follower?.discard();
    transfer.follower = undefined;
    if (transfer.record !== undefined) transfer.record.done = true;
    const event = oftEvent('file.cancel', transfer, this.#context, transfer.odd);
    if (event.file !== undefined) event.file.size = transfer.counted;
    event.reason = 'incomplete';
    this.#say(event, transfer, at, sink);
  }

  /** Get-file: the receiver names the file that it wants. `at`: stream offset of the header. */
  request(direction: Direction, header: OftHeader, at: number, sink: ParserSink): void {
    const sender: Direction = direction === Direction.ToServer ? 1 : 0;
    const event = this.#ofHeader('file.offer', sender, header);
    event.state = 'requested';
    this.#sayHeader(event, direction, header, at, sink);
  }

  unknown(direction: Direction, header: OftHeader, at: number, sink: ParserSink): void {
    const event = this.#ofHeader('app.unknown', direction, header);
    event.reason = `oft ${header.type.toString(16).padStart(4, '0')}`;
    this.#sayHeader(event, direction, header, at, sink);
  }

  /** `sender`: the direction of the file that the header is about. */
  #ofHeader(kind: ImEvent['kind'], sender: Direction, header: OftHeader): ImEvent {
    const about = new OftTransfer(sender, header);
    this.#ties.tie(about, header.cookie);
    return oftEvent(kind, about, this.#context, []);
  }

  #sayHeader(
    event: ImEvent,
    direction: Direction,
    { length }: OftHeader,
    at: number,
    sink: ParserSink,
  ): void {
    const unit = this.#unit;
    unit.direction = direction;
    unit.start = at;
    unit.end = at + length;
    sink.event(event, unit);
  }

  #say(event: ImEvent, transfer: OftTransfer, end: number, sink: ParserSink): void {
    const unit = this.#unit;
    unit.direction = transfer.direction;
    unit.start = transfer.contentStart;
    unit.end = end;
    sink.event(event, unit);
  }
}
