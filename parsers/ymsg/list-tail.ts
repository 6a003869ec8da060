/**
 * The old contact list (0x55, keys 87 and 88) is one text over packets, cut anywhere (dossier §6;
 * header status 5: more follows). Entries are told as they become whole; what is kept between packets
 * is the group and the unfinished entry.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import { LIST_TAIL_LIMIT, NAME_LIMIT } from './ymsg-limits.ts';

export class ListTail {
  #group: string | undefined = undefined;
  #tail = '';

  /**
   * Reads the next part of `Group:a,b\nGroup2:c` (`grouped`) or `a,b`. `last`: nothing follows. False
   * when an unfinished entry had to be given up.
   */
  read(
    part: string,
    grouped: boolean,
    last: boolean,
    entry: (id: string, group: string | undefined) => void,
  ): boolean {
    const text = this.#tail + part;
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (grouped && this.#group === undefined && c === 0x3a) {
        this.#group = boundedCopy(text.slice(at, i), NAME_LIMIT);
        at = i + 1;
      } else if (c === 0x2c && (!grouped || this.#group !== undefined)) {
        if (i > at) entry(text.slice(at, i), this.#group);
        at = i + 1;
      } else if (grouped && c === 0x0a) {
        if (i > at && this.#group !== undefined) entry(text.slice(at, i), this.#group);
        this.#group = undefined;
        at = i + 1;
      }
    }
    const rest = text.slice(at);
    const whole = rest.length <= LIST_TAIL_LIMIT;
    if (last) {
      if (rest !== '' && (!grouped || this.#group !== undefined)) entry(rest, this.#group);
      this.#tail = '';
      this.#group = undefined;
    } else this.#tail = whole ? boundedCopy(rest, LIST_TAIL_LIMIT) : '';
    return last || whole;
  }

  held(): number {
    return 2 * ((this.#group?.length ?? 0) + this.#tail.length);
  }
}
