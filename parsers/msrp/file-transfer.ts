/**
 * One file that comes in chunks: counted, hashed while it comes in order, never kept.
 *
 *   file.offer     where no SDP announced it
 *   file.start     the first octet; again, as a copy, for every chunk of a transfer that was refused
 *   file.complete  the chunk that says it is the last one: octets counted, SHA-256 when all were seen
 *   file.cancel    given up by the sender (`#`), refused by the receiver, or the stream ended before
 */
import { Sha1Stream } from '../../src/bytes/sha1-stream.ts';
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ContentFollower } from '../contract.ts';
import type { OfferedFile } from '../framing/msrp-session.ts';
import { MsrpAnomaly } from './anomalies.ts';
import type { ByteRange } from './byte-range.ts';
import { CpimSkip } from './cpim-skip.ts';
import type { MsrpFlow } from './msrp-flow.ts';
import type { Parties } from './parties.ts';

/** Octets of a transfer: measured, and rounded up. */
export const FILE_HELD = 3072;

export class FileTransfer {
  readonly #flow: MsrpFlow;
  readonly #parties: Parties;
  readonly #offered: OfferedFile | undefined;
  readonly #mime: string | undefined;
  readonly #name: string | undefined;
  readonly #skip: CpimSkip | undefined;
  readonly #follower: ContentFollower | undefined;
  readonly #sha1: Sha1Stream | undefined;
  /** Offset in the message of the octet that is expected next; what is there of it so far. */
  #next = 0;
  /** Octets that came, wrapper and all; those of the file. */
  #received = 0;
  #counted = 0;
  #total: number | undefined = undefined;
  #broken = false;
  #lossy = false;
  #exceeded = false;
  ended = false;
  refused = false;

  constructor(
    flow: MsrpFlow,
    parties: Parties,
    offered: OfferedFile | undefined,
    type: string | undefined,
    name: string | undefined,
  ) {
    this.#flow = flow;
    this.#parties = parties;
    this.#offered = offered;
    this.#mime = offered?.mime ?? type;
    this.#name = offered?.name ?? name;
    this.#skip = type === 'message/cpim' ? new CpimSkip() : undefined;
    this.#follower = flow.context.follow();
    this.#sha1 = offered?.sha1 === undefined ? undefined : new Sha1Stream();
  }

  held(): number {
    return FILE_HELD + (this.#skip?.held ?? 0);
  }

  /** A chunk of it begins. `total`: octets of the whole message, as its Byte-Range says. */
  start(range: ByteRange, isFirst: boolean): void {
    this.#total ??= range.total;
    if (isFirst) {
      if (this.#offered === undefined) this.#say('file.offer', this.#total);
      const size = this.#offered?.size ?? (this.#skip === undefined ? this.#total : undefined);
      this.refused = this.#say('file.start', size);
      const { session } = this.#parties;
      if (session !== undefined) session.started = true;
    } else if (this.refused) {
      this.#say('file.start', this.#offered?.size ?? this.#total, 'echo');
    }
    if (range.from !== this.#next) {
      this.#flow.anomaly(range.from < this.#next ? MsrpAnomaly.Overlap : MsrpAnomaly.OutOfOrder);
      this.#break();
    }
    this.#next = Math.max(this.#next, range.from);
  }

  write(octets: Uint8Array): void {
    this.#next += octets.length;
    this.#received += octets.length;
    const content = this.#skip === undefined ? octets : this.#skip.take(octets);
    this.#counted += content.length;
    const size = this.#offered?.size;
    const left = size === undefined ? undefined : size - (this.#offered?.offset ?? 0);
    if (left !== undefined && this.#counted > left && !this.#exceeded) {
      this.#exceeded = true;
      this.#flow.anomaly(MsrpAnomaly.SizeExceeded);
    }
    if (this.#broken || content.length === 0) return;
    this.#follower?.write(content);
    this.#sha1?.write(content);
  }

  /** Octets of it were lost on the way here. */
  lost(): void {
    this.#lossy = true;
    this.#break();
  }

  /** The last chunk is there. */
  complete(): void {
    if (this.ended) return;
    const missing = this.#total !== undefined && this.#received < this.#total;
    if (missing && !this.#lossy) {
      this.cancel('incomplete');
      return;
    }
    this.#end();
    const size =
      this.#broken && this.#offered?.size !== undefined ? this.#offered.size : this.#counted;
    if (!this.#broken) this.#check();
    const event = this.#event('file.complete', size);
    if (this.#broken) event.reason = this.#lossy ? 'gap' : 'out of order';
    if (this.#broken) this.#follower?.discard();
    else if (event.file !== undefined) {
      const digest = this.#follower?.finish();
      if (digest !== undefined) event.file.sha256 = digest;
    }
    this.#flow.say(event);
  }

  /** Nothing is said where the end of the call said it already. */
  cancel(reason: string): void {
    if (this.ended) return;
    const wasSaid = this.#parties.session?.ended === true;
    this.#end();
    this.#follower?.discard();
    if (wasSaid) return;
    const event = this.#event('file.cancel', this.#counted);
    event.reason = reason;
    this.#flow.say(event);
  }

  #check(): void {
    const { size, sha1, offset = 0 } = this.#offered ?? {};
    if (size !== undefined && this.#counted + offset !== size && !this.#exceeded) {
      this.#flow.anomaly(MsrpAnomaly.SizeDiffers);
    }
    if (sha1 === undefined || offset > 0) return;
    if (this.#sha1?.hex() !== sha1) this.#flow.anomaly(MsrpAnomaly.HashDiffers);
  }

  #end(): void {
    this.ended = true;
    const { session } = this.#parties;
    if (session !== undefined) session.ended = true;
  }

  #break(): void {
    this.#broken = true;
  }

  #say(kind: EventKind, size: number | undefined, copy?: 'echo'): boolean {
    const event = this.#event(kind, size);
    event.copy = copy;
    return this.#flow.say(event);
  }

  #event(kind: EventKind, size: number | undefined): ImEvent {
    const event = this.#flow.newEvent(kind, this.#parties);
    const offered = this.#offered;
    const file: FileReference = {
      name: this.#name,
      size,
      mime: this.#mime,
      method: 'msrp',
      token: offered?.token,
      purpose: offered?.purpose,
    };
    const { serverAddress, serverPort } = this.#flow.context;
    const host = serverAddress.includes(':') ? `[${serverAddress}]` : serverAddress;
    if (host !== '') file.endpoint = `${host}:${serverPort}`;
    if (offered !== undefined && offered.offset > 0) file.offset = offered.offset;
    event.file = file;
    return event;
  }
}
