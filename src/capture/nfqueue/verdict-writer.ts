/**
 * Verdicts on queued packets, gathered and sent together. Packets that go on as they are, one after the
 * other, need one message for all (NFQNL_MSG_VERDICT_BATCH: everything up to an id); not while some
 * earlier packet waits for its verdict, since that would be meant too.
 */
import { MessageType, NetlinkFlag, PacketAttribute, padded, Verdict } from './netlink-layout.ts';
import { NetlinkWriter } from './netlink-writer.ts';

/** Octets gathered before they are sent; one verdict with a packet of 64 KiB fits. */
const CAPACITY = 256 * 1024;
const VERDICT_HEADER = 12; // attributes with their headers
const MARK = 8;
const PAYLOAD_HEADER = 4;

export class VerdictWriter {
  readonly #writer = new NetlinkWriter(CAPACITY);
  readonly #queue: number;
  readonly #send: (buffer: Uint8Array, length: number) => void;
  #run = 0;
  #last = 0;

  constructor(queue: number, send: (buffer: Uint8Array, length: number) => void) {
    this.#queue = queue;
    this.#send = send;
  }

  /** It goes on as it is. `alone`: another packet before it has no verdict yet. */
  accept(id: number, alone: boolean): void {
    if (alone) {
      this.#endRun();
      this.#verdict(MessageType.Verdict, Verdict.Accept, id);
      return;
    }
    this.#run++;
    this.#last = id;
  }

  /** It goes on as it is, with this mark. */
  acceptMarked(id: number, mark: number): void {
    this.#endRun();
    this.#begin(MessageType.Verdict, Verdict.Accept, id, MARK);
    this.#writer.word(PacketAttribute.Mark, mark);
    this.#writer.end();
  }

  /** It goes on with these octets. */
  acceptChanged(id: number, mark: number, buffer: Uint8Array, start: number, end: number): void {
    this.#endRun();
    const attributes = MARK + PAYLOAD_HEADER + padded(end - start);
    this.#begin(MessageType.Verdict, Verdict.Accept, id, attributes);
    this.#writer.word(PacketAttribute.Mark, mark);
    this.#writer.octets(PacketAttribute.Payload, buffer, start, end);
    this.#writer.end();
  }

  drop(id: number): void {
    this.#endRun();
    this.#verdict(MessageType.Verdict, Verdict.Drop, id);
  }

  /** Everything that has no verdict yet, up to `id`, goes on. */
  acceptUntil(id: number): void {
    this.#run = 0;
    this.#verdict(MessageType.VerdictBatch, Verdict.Accept, id);
  }

  flush(): void {
    this.#endRun();
    this.#empty();
  }

  /** What follows must not be meant by the verdict on the run. */
  endRun(): void {
    this.#endRun();
  }

  #endRun(): void {
    if (this.#run === 0) return;
    const type = this.#run === 1 ? MessageType.Verdict : MessageType.VerdictBatch;
    this.#run = 0;
    this.#verdict(type, Verdict.Accept, this.#last);
  }

  #verdict(type: number, verdict: number, id: number): void {
    this.#begin(type, verdict, id, 0);
    this.#writer.end();
  }

  #begin(type: number, verdict: number, id: number, attributes: number): void {
    if (!this.#writer.fits(VERDICT_HEADER + attributes)) this.#empty();
    this.#writer.begin(type, NetlinkFlag.Request, 0, this.#queue);
    this.#writer.words(PacketAttribute.VerdictHeader, verdict, id);
  }

  #empty(): void {
    if (this.#writer.length === 0) return;
    this.#send(this.#writer.buffer, this.#writer.length);
    this.#writer.clear();
  }
}
