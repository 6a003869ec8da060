/** A Direct IM connection: messages, typing and the images inside messages, both directions. */
import { utf8Prefix } from '../../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../../src/event/event.ts';
import type { EventKind } from '../../../src/event/kinds.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../../contract.ts';
import { htmlText } from '../../framing/html-text.ts';
import { Found } from '../rendezvous/peer-headers.ts';
import { charsetText } from '../rendezvous/text-charset.ts';
import { withoutNul } from '../text-decoding.ts';
import { OdcAnomaly } from './anomalies.ts';
import { OdcForm } from './neutral.ts';
import { noticeFrame } from './notice.ts';
import { odcEvent } from './odc-event.ts';
import { OdcFlag, readOdcHeader } from './odc-header.ts';
import { announcedImages, type Image } from './odc-images.ts';
import { ODC_HELD } from './odc-limits.ts';
import { OdcParties } from './odc-parties.ts';
import { OdcPayload, type PayloadListener } from './odc-payload.ts';
import { OdcSide } from './odc-side.ts';

const NOTHING = new Uint8Array(0);
const NOWHERE: ParserSink = {
  event: () => ({ action: 'pass', enforced: false }),
  anomaly() {},
  expect() {},
  handOver() {},
  identify: () => false,
  resolved() {},
};

export class OdcParser implements FlowParser, PayloadListener {
  readonly #context: FlowContext;
  readonly #parties: OdcParties;
  readonly #sides = [new OdcSide(), new OdcSide()] as const;
  readonly #unit: Unit;
  #direction: Direction = Direction.ToServer;
  #sink: ParserSink = NOWHERE;

  constructor(context: FlowContext) {
    this.#context = context;
    this.#parties = new OdcParties(context);
    this.#unit = { direction: 0, start: 0, end: 0, textStart: -1, textEnd: -1, head: 0, form: 0 };
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const side = this.#sides[direction];
    const base = side.headers.offset;
    this.#direction = direction;
    this.#sink = sink;
    let at = 0;
    while (at < octets.length) {
      if (side.payload !== undefined) {
        at = side.payload.take(octets, at, this);
        if (side.payload.left === 0) side.payload = undefined;
      } else {
        at = side.headers.take(octets, at);
        side.headers.offset = base + at;
        this.#look(side);
      }
    }
    side.headers.offset = base + octets.length;
    this.#sink = NOWHERE;
    return Status.More;
  }

  /** What is lost inside a payload that ends beyond is lost of it; else the next header is looked for. */
  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    const side = this.#sides[direction];
    this.#direction = direction;
    this.#sink = sink;
    this.#giveUp(side, 'gap');
    const left = side.payload?.left ?? 0;
    side.headers.offset += octets;
    side.headers.gap();
    side.payload = undefined;
    if (left > octets) {
      side.headers.release();
      side.payload = new OdcPayload(left - octets, true);
    } else if (left === octets && left > 0) side.headers.release();
    this.#sink = NOWHERE;
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    this.#direction = direction;
    this.#sink = sink;
    this.#giveUp(this.#sides[direction], 'incomplete');
    this.#sink = NOWHERE;
  }

  /** A frame whose text is not complete can still be refused. */
  holdFrom(direction: Direction): number {
    const { headers, payload, frameStart } = this.#sides[direction];
    return payload?.isText ? frameStart : headers.pending;
  }

  held(): number {
    return ODC_HELD + this.#sides[0].held + this.#sides[1].held + this.#parties.held;
  }

  /** The frame does not go on; the notice goes to who sent it. */
  replace(_event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    const { head } = this.#sides[unit.direction];
    const other = this.#parties.to(unit.direction);
    const tells = notice !== undefined && other !== undefined;
    return { forward: NOTHING, back: tells ? noticeFrame(head, other, notice) : NOTHING };
  }

  text(octets: Uint8Array, cut: boolean): void {
    const side = this.#side;
    const header = side.header;
    if (header === undefined) return;
    if (cut) this.#odd(side, OdcAnomaly.TextTooLong);
    const written = withoutNul(charsetText(octets, 0, octets.length, header.charset));
    if (written !== '') {
      const event = this.#newEvent('message', side);
      const shown = htmlText(written);
      event.text = shown === '' ? undefined : shown;
      if (shown !== written) event.markup = written;
      if ((header.flags & OdcFlag.AutoReply) !== 0) event.form = 'auto-reply';
      const verbatim =
        shown === written &&
        header.charset === undefined &&
        utf8Prefix(octets, 0, octets.length) === octets.length;
      const from = side.frameStart + header.length;
      this.#say(event, side, OdcForm.Message, verbatim ? from : -1, from + octets.length);
    }
    side.images = announcedImages(written);
    for (const image of side.images) this.#offer(side, image, image.size);
  }

  imageBegins(id: string, size: number): void {
    const side = this.#side;
    const announced = side.images.find((image) => image.id === id);
    const image = { id, name: announced?.name, size };
    if (announced?.size !== size) {
      this.#odd(side, OdcAnomaly.ImageUnannounced);
      this.#offer(side, image, size);
    }
    side.running = { image, received: 0, follower: this.#context.follow() };
  }

  imageOctets(octets: Uint8Array): void {
    const { running } = this.#side;
    if (running === undefined) return;
    running.received += octets.length;
    running.follower?.write(octets);
  }

  imageEnds(): void {
    const side = this.#side;
    const { running } = side;
    if (running === undefined) return;
    side.running = undefined;
    const event = this.#newEvent('file.complete', side);
    const file = this.#file(running.image, running.received);
    const sha256 = running.follower?.finish();
    if (sha256 !== undefined) file.sha256 = sha256;
    event.file = file;
    this.#say(event, side, OdcForm.Message);
  }

  bad(): void {
    this.#odd(this.#side, OdcAnomaly.BadBinary);
  }

  get #side(): OdcSide {
    return this.#sides[this.#direction];
  }

  #look(side: OdcSide): void {
    const { headers } = side;
    if (headers.found === Found.NoHeader) {
      this.#sink.anomaly(OdcAnomaly.NoHeader, this.#direction);
      headers.seek();
    } else if (headers.found === Found.Header) {
      const header = readOdcHeader(headers.held, 0);
      side.frameStart = headers.pending;
      side.head.set(headers.held.subarray(0, side.head.length));
      headers.release();
      side.header = header;
      side.images = [];
      side.odd = undefined;
      if (!this.#parties.frame(this.#direction, header)) this.#odd(side, OdcAnomaly.NameDiffers);
      if (!header.known) this.#unknown(side);
      else if ((header.flags & OdcFlag.Typing) !== 0) this.#typing(side, header.flags);
      if (header.payload > 0) side.payload = new OdcPayload(header.payload, false);
    }
  }

  /** Some clients read its payload all the same, so it is read here. */
  #unknown(side: OdcSide): void {
    this.#odd(side, OdcAnomaly.UnknownFrame);
    const event = this.#newEvent('app.unknown', side);
    event.reason = 'odc frame';
    this.#say(event, side, OdcForm.Message);
  }

  #typing(side: OdcSide, flags: number): void {
    const event = this.#newEvent('typing', side);
    if ((flags & OdcFlag.Composing) !== 0) event.state = 'composing';
    else event.state = (flags & OdcFlag.Typed) !== 0 ? 'paused' : 'active';
    this.#say(event, side, OdcForm.Typing);
  }

  #offer(side: OdcSide, image: Image, size: number | undefined): void {
    const event = this.#newEvent('file.offer', side);
    event.file = this.#file(image, size);
    this.#say(event, side, OdcForm.Message);
  }

  #file({ id, name }: Image, size: number | undefined): FileReference {
    const token = `${this.#parties.cookie}-${id}`;
    return { name, size, method: 'odc', token, purpose: 'inline' };
  }

  #giveUp(side: OdcSide, reason: string): void {
    const { running } = side;
    if (running === undefined) return;
    side.running = undefined;
    running.follower?.discard();
    const event = this.#newEvent('file.cancel', side);
    event.file = this.#file(running.image, running.received);
    event.reason = reason;
    this.#say(event, side, OdcForm.Message);
  }

  #odd(side: OdcSide, name: string): void {
    this.#sink.anomaly(name, this.#direction);
    if (!side.odd?.includes(name)) side.odd = [...(side.odd ?? []), name];
  }

  #newEvent(kind: EventKind, side: OdcSide): ImEvent {
    return odcEvent(kind, this.#parties, this.#direction, side.odd);
  }

  /** `end`: where the text ends, behind `textStart`. */
  #say(event: ImEvent, side: OdcSide, form: number, textStart = -1, textEnd = -1): void {
    const { header, payload, frameStart } = side;
    const unit = this.#unit;
    unit.direction = this.#direction;
    unit.start = frameStart;
    const left = payload === undefined ? (header?.payload ?? 0) : payload.left;
    const whole = left === 0 || header === undefined;
    unit.end = whole ? frameStart + (header?.length ?? 0) + (header?.payload ?? 0) : -1;
    unit.textStart = textStart;
    unit.textEnd = textStart === -1 ? -1 : textEnd;
    unit.head = header?.length ?? 0;
    unit.form = form;
    this.#sink.event(event, unit);
  }
}
