/**
 * An OFT connection: headers of both sides, and between them the octets of files, counted.
 *
 *   sender    0101 prompt                      … octets …            0101 of the next file
 *   receiver               0202 ack                       0204 done
 *   resumed: 0205 from the receiver, 0106 from the sender, 0207 from the receiver, then the rest
 *
 * Content begins with the receiver's ack, so a file that begins like a header is a file. Where the
 * receiver's side is not there (a one-sided capture), with the first octets that begin no header.
 */
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../../contract.ts';
import { Found, PeerHeaders } from '../rendezvous/peer-headers.ts';
import { OftAnomaly } from './anomalies.ts';
import { isKnownType, OFT_HEADERS, type OftHeader, OftType, readHeader } from './oft-header.ts';
import { OFT_HELD } from './oft-limits.ts';
import { OftReports } from './oft-reports.ts';
import { OftTies } from './oft-ties.ts';
import { OftTransfer } from './oft-transfer.ts';

export class OftParser implements FlowParser {
  readonly #ties: OftTies;
  readonly #sides = [new PeerHeaders(OFT_HEADERS), new PeerHeaders(OFT_HEADERS)] as const;
  readonly #reports: OftReports;
  #transfer: OftTransfer | undefined = undefined;
  /** Stream offset of the header under the hand. */
  #headerAt = 0;

  constructor(context: FlowContext) {
    this.#ties = new OftTies(context);
    this.#reports = new OftReports(context, this.#ties);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const side = this.#sides[direction];
    const base = side.offset;
    let at = 0;
    while (at < octets.length) {
      const content = this.#contentOf(direction);
      const before = at;
      if (content !== undefined) {
        at = Math.min(octets.length, at + content.left);
        const all = before === 0 && at === octets.length;
        this.#reports.write(content, all ? octets : octets.subarray(before, at), base + at, sink);
      } else {
        at = side.take(octets, at);
        side.offset = base + at;
        this.#look(direction, side, sink);
      }
    }
    side.offset = base + octets.length;
    return Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    const side = this.#sides[direction];
    const transfer = this.#transfer;
    const lost = octets + (side.pending === -1 ? 0 : side.offset - side.pending);
    side.offset += octets;
    side.gap();
    if (transfer === undefined || transfer.ended || transfer.direction !== direction) {
      return Status.More;
    }
    // Between a prompt and what follows it, what is missing is content.
    this.#reports.start(transfer, side.offset - octets, sink);
    const within = Math.min(lost, transfer.left);
    transfer.lose(within);
    if (within === lost) side.release();
    if (transfer.left === 0) this.#reports.complete(transfer, side.offset, sink);
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const transfer = this.#transfer;
    if (transfer?.direction === direction)
      this.#reports.giveUp(transfer, this.#sides[direction].offset, sink);
  }

  /** A header that is not all there yet: the answer that starts a file can still be held back. */
  holdFrom(direction: Direction): number {
    return this.#sides[direction].pending;
  }

  held(): number {
    const name = this.#transfer?.header.name ?? '';
    return OFT_HELD + this.#sides[0].size + this.#sides[1].size + 2 * name.length;
  }

  /** The file whose octets come next in this direction. */
  #contentOf(direction: Direction): OftTransfer | undefined {
    const transfer = this.#transfer;
    const due = transfer?.started === true && !transfer.ended && transfer.direction === direction;
    return due ? transfer : undefined;
  }

  #look(direction: Direction, side: PeerHeaders, sink: ParserSink): void {
    const { found } = side;
    if (found === Found.Nothing) return;
    const transfer = this.#transfer;
    const from = side.pending;
    this.#headerAt = from;
    const awaited = transfer !== undefined && !transfer.started && transfer.direction === direction;
    const header = found === Found.Header ? readHeader(side.held, 0, side.held.length) : undefined;
    if (header !== undefined && (!awaited || isKnownType(header.type))) {
      side.release();
      this.#header(direction, header, sink);
    } else if (awaited) {
      const first = side.held.slice();
      side.release();
      this.#reports.start(transfer, from, sink);
      const within = Math.min(first.length, transfer.left);
      this.#reports.write(transfer, first.subarray(0, within), from + within, sink);
      if (within < first.length) sink.anomaly(OftAnomaly.NoHeader, direction);
    } else {
      sink.anomaly(OftAnomaly.NoHeader, direction);
      side.seek();
    }
  }

  #header(direction: Direction, header: OftHeader, sink: ParserSink): void {
    switch (header.type) {
      case OftType.Prompt:
      case OftType.ListingPrompt:
        this.#prompt(direction, header, sink);
        return;
      case OftType.Ack:
      case OftType.ResumeAck:
      case OftType.ListingAck:
        this.#ack(direction, header, sink);
        return;
      case OftType.Resume:
      case OftType.ResumeAccept:
        this.#resume(direction, header, sink);
        return;
      case OftType.Done:
      case OftType.ListingDone:
        this.#done(direction, sink);
        return;
      case OftType.FileRequest:
        this.#reports.request(direction, header, this.#headerAt, sink);
        return;
      case OftType.ListingReady:
        return;
      default:
        this.#reports.unknown(direction, header, this.#headerAt, sink);
    }
  }

  #prompt(direction: Direction, header: OftHeader, sink: ParserSink): void {
    const before = this.#transfer;
    if (before !== undefined)
      this.#reports.giveUp(before, this.#sides[before.direction].offset, sink);
    this.#transfer = new OftTransfer(direction, header);
    this.#ties.tie(this.#transfer, header.cookie);
  }

  #ack(direction: Direction, header: OftHeader, sink: ParserSink): void {
    const sender: Direction = direction === Direction.ToServer ? 1 : 0;
    let transfer = this.#transfer;
    if (transfer === undefined || transfer.ended) {
      // The prompt was not seen: its answer repeats all that it said.
      transfer = new OftTransfer(sender, header);
      this.#transfer = transfer;
    }
    if (transfer.direction !== sender) {
      sink.anomaly(OftAnomaly.OutOfOrder, direction);
      return;
    }
    // Captured after the first octets that it allows.
    if (transfer.started) return;
    this.#ties.tie(transfer, header.cookie);
    this.#reports.start(transfer, this.#sides[sender].offset, sink);
  }

  #resume(direction: Direction, header: OftHeader, sink: ParserSink): void {
    const transfer = this.#transfer;
    const bySender = header.type === OftType.ResumeAccept;
    if (transfer === undefined || transfer.started) {
      sink.anomaly(OftAnomaly.OutOfOrder, direction);
      return;
    }
    if ((transfer.direction === direction) !== bySender) {
      sink.anomaly(OftAnomaly.OutOfOrder, direction);
      return;
    }
    this.#ties.tie(transfer, header.cookie);
    if (header.received > transfer.header.size) sink.anomaly(OftAnomaly.BadOffset, direction);
    transfer.offset = Math.min(header.received, transfer.header.size);
  }

  #done(direction: Direction, sink: ParserSink): void {
    const transfer = this.#transfer;
    if (transfer === undefined || transfer.ended || transfer.direction === direction) return;
    sink.anomaly(OftAnomaly.DoneEarly, direction);
    this.#reports.giveUp(transfer, this.#sides[transfer.direction].offset, sink);
  }
}
