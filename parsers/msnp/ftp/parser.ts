/**
 * The data connection of MSNFTP, both directions (dossier §7). Whoever says `FIL` sends the file; who of the
 * two connected does not matter.
 *
 *   both     VER MSNFTP                    receiver  USR address AuthCookie
 *   sender   FIL size                      receiver  TFR                      sender  blocks, 01 00 00
 *   receiver BYE code                      either    CCL
 */
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../../contract.ts';
import { FtpAnomaly } from './anomalies.ts';
import { DataSide, type SideListener } from './data-side.ts';
import { FileTransfer } from './file-transfer.ts';

const HELD = 3072; // octets of the parser itself and its offer
const COMMAND = /^([A-Z]{3})(?: (.*))?$/;
const SUCCESS = '16777989';

export class MsnftpParser implements FlowParser, SideListener {
  readonly #sides: readonly [DataSide, DataSide];
  readonly #transfer: FileTransfer;
  readonly #greeted: [boolean, boolean];
  #direction: Direction = Direction.ToServer;
  #status: Status = Status.More;
  #ended = 0;

  constructor(context: FlowContext) {
    this.#sides = [new DataSide(context.midstream), new DataSide(context.midstream)];
    this.#greeted = [context.midstream, context.midstream];
    this.#transfer = new FileTransfer(context);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#status !== Status.More) return this.#status;
    this.#direction = direction;
    this.#transfer.sink = sink;
    this.#sides[direction].push(octets, this);
    this.#transfer.sink = undefined;
    return this.#status;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (this.#status !== Status.More) return this.#status;
    this.#direction = direction;
    this.#greeted[direction] = true;
    this.#transfer.sink = sink;
    const within = this.#sides[direction].gap(octets);
    this.#transfer.lost(direction, within, this.#sides[direction].offset);
    this.#transfer.sink = undefined;
    return this.#status;
  }

  end(direction: Direction, sink: ParserSink): void {
    this.#ended += 1;
    const sends = this.#transfer.content === direction;
    if (this.#status !== Status.More || (this.#ended < 2 && !sends)) return;
    this.#transfer.sink = sink;
    this.#transfer.giveUp('incomplete');
    this.#transfer.sink = undefined;
  }

  /** Content passes as it comes; what it begins with is judged first. */
  holdFrom(direction: Direction): number {
    return this.#sides[direction].pending;
  }

  held(): number {
    return HELD + this.#sides[0].held + this.#sides[1].held;
  }

  line(text: string, from: number, to: number): boolean {
    const transfer = this.#transfer;
    const direction = this.#direction;
    const [, command = '', rest = ''] = COMMAND.exec(text) ?? [];
    transfer.at(direction, from, to);
    if (!this.#greeted[direction] && command !== 'VER') {
      this.#status = Status.Lost;
      this.#sides[direction].lost = true;
      return false;
    }
    this.#greeted[direction] = true;
    if (command === 'FIL') return transfer.file(direction, rest);
    if (command === 'USR') transfer.receiver(direction, rest);
    else if (command === 'CCL') transfer.giveUp('CCL');
    else if (command === 'BYE') transfer.bye(rest.trim() === SUCCESS, `BYE ${rest.trim()}`);
    else if (command !== 'VER' && command !== 'TFR') {
      if (command === '') transfer.anomaly(FtpAnomaly.BadLine);
      else transfer.unknown(command);
    }
    return false;
  }

  overlong(): void {
    this.#transfer.anomaly(FtpAnomaly.BadLine);
  }

  block(length: number, from: number): void {
    this.#transfer.at(this.#direction, from, from + 3 + length);
    this.#transfer.start();
  }

  content(buffer: Uint8Array, start: number, end: number, to: number): void {
    this.#transfer.write(buffer, start, end, to);
  }

  ended(from: number, to: number): void {
    this.#transfer.at(this.#direction, from, to);
    this.#transfer.lastBlock();
  }
}
