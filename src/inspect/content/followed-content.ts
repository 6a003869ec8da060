/** Follows one transfer's content: SHA-256, the first octets for its type, and the writer that keeps it. */
import { createHash, type Hash } from 'node:crypto';
import type { ContentFollower } from '../../../parsers/contract.ts';
import type { ImEvent } from '../../event/event.ts';
import type { ContentWriter } from './content-sink.ts';
import { breaksPromise, HEAD_OCTETS, typeOf } from './content-type.ts';

/** On `file.complete`: the content is not what name or media type of the offer said. */
export const TYPE_MISMATCH = 'file-type-mismatch';

export class FollowedContent implements ContentFollower {
  /** Made with the first octets: most transfers that are offered never begin. */
  #hash: Hash | undefined = undefined;
  readonly #finished: (content: FollowedContent) => void;
  readonly #ended: (content: FollowedContent) => void;
  #writer: ContentWriter | undefined;
  #head: Uint8Array | undefined = undefined;
  #used = 0;

  /** `finished` is called in `finish`, `ended` when nothing more can come of it. */
  constructor(
    writer: ContentWriter | undefined,
    finished: (content: FollowedContent) => void,
    ended: (content: FollowedContent) => void,
  ) {
    this.#writer = writer;
    this.#finished = finished;
    this.#ended = ended;
  }

  write(octets: Uint8Array): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(octets);
    this.#writer?.write(octets);
    if (this.#used === HEAD_OCTETS) return;
    this.#head ??= new Uint8Array(HEAD_OCTETS);
    const part = octets.subarray(0, HEAD_OCTETS - this.#used);
    this.#head.set(part, this.#used);
    this.#used += part.length;
  }

  finish(): string {
    this.#finished(this);
    return (this.#hash ?? createHash('sha256')).digest('hex');
  }

  discard(): void {
    this.#writer?.discard();
    this.#writer = undefined;
    this.#ended(this);
  }

  /** What the content shows of itself, put into the event; true where it breaks what was promised. */
  tell(event: ImEvent): boolean {
    const { file } = event;
    const head = (this.#head ?? new Uint8Array(0)).subarray(0, this.#used);
    // After a resumption the beginning of the file is not the beginning of what passed.
    if (file === undefined || (file.offset ?? 0) > 0) return false;
    const found = typeOf(head, file);
    const broken = breaksPromise(head, file);
    if (found !== undefined) event.file = { ...file, mime: found.mime };
    if (broken) event.anomalies = [...(event.anomalies ?? []), TYPE_MISMATCH];
    return broken;
  }

  /** The `file.complete` that this content belongs to was judged. */
  complete(event: ImEvent): void {
    this.#writer?.complete(event);
    this.#writer = undefined;
    this.#ended(this);
  }
}
