/**
 * What stands between tags and is no text: CDATA ends at "]]>", a comment at "-->", a processing
 * instruction at "?>". Found incrementally, however the octets are cut.
 */
const GREATER = 0x3e;

export class XmlSection {
  /** The octet that stands once or twice before the closing '>'. */
  #mark = 0;
  #times = 0;
  #matched = 0;

  enter(mark: number, times: number): void {
    this.#mark = mark;
    this.#times = times;
    this.#matched = 0;
  }

  /** The index after the section's end, or -1 when it does not end in these octets. */
  end(octets: Uint8Array, from: number): number {
    let i = from;
    while (i < octets.length) {
      if (this.#matched === 0) {
        i = octets.indexOf(this.#mark, i);
        if (i < 0) return -1;
      }
      const c = octets[i++];
      if (c === this.#mark) this.#matched = Math.min(this.#matched + 1, this.#times);
      else if (c === GREATER && this.#matched === this.#times) return i;
      else this.#matched = 0;
    }
    return -1;
  }
}
