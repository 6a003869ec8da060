/**
 * Inline images: offered inside a message, asked for, and sent in messages of at most 1909 octets. They are put
 * together by who sends, and by size and CRC; their content is hashed, never kept.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import type { FileReference, ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { ContentFollower, Direction, FlowContext } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { ImageId, ImagePart } from './attributes.ts';
import type { GgFlow } from './gg-flow.ts';
import { IMAGES_LIMIT, NAME_LIMIT } from './gg-limits.ts';

const HELD = 1024; // octets of one image under way, with its follower

interface UnderWay {
  readonly direction: Direction;
  readonly peer: string | undefined;
  readonly id: ImageId;
  readonly name: string | undefined;
  follower: ContentFollower | undefined;
  got: number;
  broken: boolean;
  refused: boolean;
}

export class Images {
  readonly #context: FlowContext;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(context: FlowContext) {
    this.#context = context;
  }

  held(): number {
    return this.#underWay.size * HELD;
  }

  /** One more part, in the packet under the hand. */
  take(flow: GgFlow, peer: string | undefined, part: ImagePart): void {
    const key = `${flow.direction} ${peer} ${part.token}`;
    // A first part that was not seen, or never sent, makes no difference to who puts it together.
    if (part.first || !this.#underWay.has(key)) this.#begin(flow, key, peer, part);
    const image = this.#underWay.get(key);
    if (image === undefined) return;
    if (image.refused) {
      // Each part has to be refused: what was said of the first is said again.
      if (!part.first) flow.say(imageEvent(flow, 'file.start', peer, image.id));
      return;
    }
    const left = Math.max(0, image.id.size - image.got);
    const content = flow.buffer.subarray(part.start, part.end);
    if (content.length > left) flow.anomaly(Anomaly.ImageSize);
    image.got += content.length;
    image.follower?.write(content.subarray(0, left));
    if (image.got >= image.id.size) this.#complete(flow, key, image);
  }

  #begin(flow: GgFlow, key: string, peer: string | undefined, part: ImagePart): void {
    this.#forget(key);
    if (this.#underWay.size >= IMAGES_LIMIT) {
      flow.anomaly(Anomaly.TableFull);
      for (const oldest of this.#underWay.keys()) {
        this.#forget(oldest);
        break;
      }
    }
    const { direction } = flow;
    const name = part.name === undefined ? undefined : boundedCopy(part.name, NAME_LIMIT);
    const id = { size: part.size, token: part.token };
    const image: UnderWay = {
      direction,
      peer,
      id,
      name,
      follower: undefined,
      got: 0,
      broken: false,
      refused: false,
    };
    const event = imageEvent(flow, 'file.start', peer, id);
    if (part.name !== undefined && event.file !== undefined) event.file.name = part.name;
    image.refused = flow.say(event);
    if (!image.refused) image.follower = this.#context.follow();
    this.#underWay.set(key, image);
  }

  #complete(flow: GgFlow, key: string, image: UnderWay): void {
    this.#underWay.delete(key);
    const event = this.#ended(flow, 'file.complete', image);
    const { follower } = image;
    if (image.broken) event.reason = 'gap';
    else if (follower !== undefined && event.file !== undefined) {
      event.file.sha256 = follower.finish();
    }
    flow.say(event);
  }

  #ended(flow: GgFlow, kind: EventKind, image: UnderWay): ImEvent {
    const event = imageEvent(flow, kind, image.peer, image.id);
    if (event.file !== undefined) {
      event.file.size = Math.min(image.got, image.id.size);
      if (image.name !== undefined) event.file.name = image.name;
    }
    return event;
  }

  #forget(key: string): void {
    this.#underWay.get(key)?.follower?.discard();
    this.#underWay.delete(key);
  }

  /** Octets of this direction are missing: nobody knows whether of an image. */
  broken(direction: Direction): void {
    for (const image of this.#underWay.values()) {
      if (image.direction !== direction) continue;
      image.broken = true;
      image.follower?.discard();
      image.follower = undefined;
    }
  }

  /** The stream ends: what is under way does not come to its end. */
  end(flow: GgFlow, direction: Direction): void {
    for (const [key, image] of [...this.#underWay]) {
      if (image.direction !== direction) continue;
      this.#forget(key);
      if (image.refused) continue;
      const event = this.#ended(flow, 'file.cancel', image);
      event.reason = 'incomplete';
      flow.say(event);
    }
  }
}

export function imageEvent(
  flow: GgFlow,
  kind: EventKind,
  peer: string | undefined,
  { size, token }: ImageId,
): ImEvent {
  const event = flow.between(kind, peer);
  const file: FileReference = { size, method: 'gg', token, purpose: 'inline' };
  event.file = file;
  return event;
}
