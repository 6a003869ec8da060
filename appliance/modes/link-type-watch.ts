/** A capture whose packets of unknown link types are told as a fault at its end: nothing looked into them. */
import {
  CaptureError,
  type CaptureSource,
  type Frame,
  type FrameSink,
} from '../../src/capture/frame.ts';
import { firstLayer, linkTypeName } from '../../src/decode/link-types.ts';
import { Decoded } from '../../src/decode/packet-view.ts';

export class LinkTypeWatch implements CaptureSource, FrameSink {
  readonly #name: string;
  readonly #source: CaptureSource;
  #sink: FrameSink | undefined;
  #lastType = -1;
  #lastUnknown = false;
  /** The first unknown link type, the number of its first packet, and how many of any there were. */
  #unknownType = 0;
  #first = 0;
  #count = 0;

  constructor(name: string, source: CaptureSource) {
    this.#name = name;
    this.#source = source;
  }

  async run(sink: FrameSink, signal?: AbortSignal): Promise<void> {
    this.#sink = sink;
    await this.#source.run(this, signal);
    if (this.#count === 0) return;
    const packets = this.#count === 1 ? '1 packet was' : `${this.#count} packets were`;
    const what = `packet ${this.#first} is ${linkTypeName(this.#unknownType)}: this version does not read that link type; ${packets} not looked into`;
    throw new CaptureError(this.#name, this.#first, 0, what);
  }

  frame(frame: Frame): void {
    if (frame.linkType !== this.#lastType) {
      this.#lastType = frame.linkType;
      this.#lastUnknown = firstLayer(frame.linkType) === Decoded.UnknownLinkType;
    }
    if (this.#lastUnknown) {
      if (this.#count === 0) {
        this.#first = frame.number;
        this.#unknownType = frame.linkType;
      }
      this.#count += 1;
    }
    this.#sink?.frame(frame);
  }
}
