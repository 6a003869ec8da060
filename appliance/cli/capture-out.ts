/** `--write FILE`: packets as a pcap, written in blocks. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import { linkTypeName } from '../../src/decode/link-types.ts';
import type { FrameWriter } from '../../src/pipeline/inline-replay.ts';
import { refuseInput } from './events-file.ts';
import { Exit, systemErrorText, UserError } from './user-error.ts';

const BLOCK = 1 << 20; // octets gathered before they are written

export interface CaptureOut {
  readonly frame: FrameWriter;
  /** Packets of another link type than the first one's, which the format cannot hold. */
  readonly fault: string | undefined;
  flush(): void;
  close(): void;
}

/** Creates or empties the file, unless it is one of the inputs. Throws UserError. */
export function openCaptureOut(path: string, inputs: readonly string[]): CaptureOut {
  refuseInput(path, inputs, 'the packets written', '--write');
  try {
    return new PcapOut(openSync(path, 'w'), path);
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new UserError(`${path}: packets cannot be written there: ${why}`);
  }
}

class PcapOut implements CaptureOut {
  readonly #fd: number;
  readonly #path: string;
  #writer: PcapWriter | undefined;
  #linkType = 1;
  #pending: Uint8Array[] = [];
  #octets = 0;
  #others = 0;
  #otherType = 0;

  constructor(fd: number, path: string) {
    this.#fd = fd;
    this.#path = path;
  }

  readonly frame: FrameWriter = (buffer, start, end, originalLength, linkType, time) => {
    if (this.#writer === undefined) this.#begin(linkType);
    if (linkType !== this.#linkType) {
      this.#others++;
      this.#otherType = linkType;
      return;
    }
    const record = this.#writer?.record(buffer.subarray(start, end), time, originalLength);
    if (record !== undefined) this.#add(record);
  };

  get fault(): string | undefined {
    if (this.#others === 0) return undefined;
    const names = `${linkTypeName(this.#otherType)} beside ${linkTypeName(this.#linkType)}`;
    return `${this.#path}: a pcap holds one link type: ${this.#others} packets of ${names} were left out`;
  }

  flush(): void {
    if (this.#writer === undefined) this.#begin(this.#linkType);
    const octets = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#octets = 0;
    try {
      for (let at = 0; at < octets.length; ) at += writeSync(this.#fd, octets, at);
    } catch (error) {
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      throw new UserError(`${this.#path}: ${why}`, undefined, Exit.Failed);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #begin(linkType: number): void {
    this.#linkType = linkType;
    this.#writer = new PcapWriter(linkType);
    this.#add(this.#writer.header());
  }

  #add(octets: Uint8Array): void {
    this.#pending.push(octets);
    this.#octets += octets.length;
    if (this.#octets >= BLOCK) this.flush();
  }
}
