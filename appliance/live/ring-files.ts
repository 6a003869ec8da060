/** Files through a content ring: how a worker hands them on, and how the thread at its other end takes them. */
import type { BegunTransfer } from '../archive/files/asked-transfers.ts';
import type { FileReceiver, FileWriter, WholeFile } from '../archive/files/file-receiver.ts';
import type { IncomingFolder } from '../archive/files/incoming-folder.ts';
import { type ContentRingReader, type ContentRingWriter, Frame } from './content-ring.ts';

const NOTHING = new Uint8Array();

/** In the worker. */
export class RingFiles implements FileReceiver {
  readonly #ring: ContentRingWriter;
  /** Frames that found no room, and that the other end must hear before any other. */
  readonly #owed: [what: Frame, transfer: number][] = [[Frame.Begin, 0]];
  #next = 0;

  constructor(ring: ContentRingWriter) {
    this.#ring = ring;
    this.#paid();
  }

  unfinished(transfer: BegunTransfer): void {
    this.#tell(Frame.Unfinished, 0, transfer);
  }

  open(): FileWriter {
    const transfer = this.#next;
    this.#next = (this.#next + 1) >>> 0;
    let begun = false;
    let behind = false;
    let size = 0;
    const giveUp = () => {
      behind = true;
      if (begun) this.#owed.push([Frame.Discard, transfer]);
      this.#paid();
    };
    return {
      write: (octets) => {
        size += octets.length;
        if (behind) return;
        if (this.#write(Frame.Octets, transfer, octets)) begun = true;
        else giveUp();
      },
      keep: (file) => {
        if (behind) this.#tell(Frame.Behind, transfer, { ...file, size });
        else if (!this.#tell(Frame.Keep, transfer, file)) giveUp();
      },
      discard: () => {
        if (begun && !behind) giveUp();
      },
    };
  }

  #write(what: Frame, transfer: number, payload: Uint8Array): boolean {
    return this.#paid() && this.#ring.write(what, transfer, payload);
  }

  /** False: something is owed still. */
  #paid(): boolean {
    for (let owed = this.#owed[0]; owed !== undefined; owed = this.#owed[0]) {
      if (!this.#ring.write(...owed, NOTHING)) return false;
      this.#owed.shift();
    }
    return true;
  }

  #tell(what: Frame, transfer: number, facts: object): boolean {
    const told = this.#write(what, transfer, Buffer.from(JSON.stringify(facts)));
    if (!told) this.#ring.lose();
    return told;
  }
}

/** At the other end, for one worker. */
export class RingFilesTaker {
  readonly #ring: ContentRingReader;
  readonly #folder: IncomingFolder;
  readonly #open = new Map<number, FileWriter>();

  constructor(ring: ContentRingReader, folder: IncomingFolder) {
    this.#ring = ring;
    this.#folder = folder;
  }

  /** Up to so many frames. False: there was nothing. */
  take(most: number): boolean {
    let taken = 0;
    while (taken < most && this.#ring.take((...frame) => this.#frame(...frame))) taken += 1;
    return taken > 0;
  }

  /** A new worker begins: what the one before had begun will not be whole. */
  #begin(): void {
    for (const writer of this.#open.values()) writer.discard();
    this.#open.clear();
  }

  #frame(what: number, transfer: number, payload: Uint8Array): void {
    if (what === Frame.Begin) this.#begin();
    else if (what === Frame.Octets) this.#writer(transfer).write(payload);
    else if (what === Frame.Keep) {
      this.#writer(transfer).keep(parse<WholeFile>(payload));
      this.#open.delete(transfer);
    } else if (what === Frame.Discard) {
      this.#open.get(transfer)?.discard();
      this.#open.delete(transfer);
    } else if (what === Frame.Unfinished) this.#folder.unfinished(parse<BegunTransfer>(payload));
    else if (what === Frame.Behind) {
      const { id, time, sha256, size } = parse<WholeFile & { size: number }>(payload);
      const known = sha256 === undefined ? {} : { sha256 };
      this.#folder.refuse({ v: 1, id, time, state: 'behind', size, ...known });
    }
  }

  #writer(transfer: number): FileWriter {
    let writer = this.#open.get(transfer);
    if (writer === undefined) {
      writer = this.#folder.open();
      this.#open.set(transfer, writer);
    }
    return writer;
  }
}

/** Our own worker wrote it. */
function parse<T>(payload: Uint8Array): T {
  return JSON.parse(Buffer.from(payload).toString('utf8')) as T;
}
