/** Calls that were offered in a conversation and have no end yet: what their answers are about. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { CALLS_LIMIT, NAME_LIMIT } from './msnp-limits.ts';

export type Media = 'audio' | 'video' | undefined;

export class Calls {
  readonly #open = new Map<string, Media>();

  has(token: string): boolean {
    return this.#open.has(token);
  }

  media(token: string): Media {
    return this.#open.get(token);
  }

  /** False where an older one was forgotten for it. */
  offer(token: string, media: Media): boolean {
    const full = this.#open.size >= CALLS_LIMIT && !this.#open.has(token);
    if (full) {
      for (const oldest of this.#open.keys()) {
        this.#open.delete(oldest);
        break;
      }
    }
    this.#open.set(boundedCopy(token, NAME_LIMIT), media);
    return !full;
  }

  end(token: string): void {
    this.#open.delete(token);
  }

  held(): number {
    let octets = 0;
    for (const token of this.#open.keys()) octets += 96 + 2 * token.length;
    return octets;
  }
}
