/**
 * TLV 0002 of a message on channel 1: pieces, each u8 kind · u8 version · u16 length · data. Kind 5 is
 * what the sender can show, kind 1 is text: u16 charset · u16 subset · octets. Several texts are one.
 *
 * Clients differ: libpurple shows the last text alone, older ones the first piece of any kind behind the
 * first. So each text stands for itself, too, and pieces of other kinds are read as texts.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { Charset, decodeText, endBeforeNul, withoutNul } from './text-decoding.ts';

const TEXT = 1;
const HEAD = 4;
const CHARSET = 4;

export class Fragments {
  /** All texts of kind 1, as written. Undefined where there is none. */
  text: string | undefined = undefined;
  /** A line each, where there are several, or some of another kind. */
  lines: string | undefined = undefined;
  /** Where the text stands in one piece in octets that are its UTF-8; -1 where it does not. */
  start = -1;
  end = -1;

  read(flow: OscarFlow, buffer: Uint8Array, start: number, end: number): void {
    this.text = undefined;
    this.lines = undefined;
    this.start = -1;
    this.end = -1;
    let charset = -1;
    const texts: string[] = [];
    const others: string[] = [];
    for (let at = start; at < end; ) {
      const data = at + HEAD;
      const stop = data + (data <= end ? u16be(buffer, at + 2) : 0);
      if (data > end || stop > end) {
        flow.anomaly(Anomaly.BadFragment);
        break;
      }
      if (buffer[at] === TEXT && stop >= data + CHARSET) {
        const named = u16be(buffer, data);
        if (charset !== -1 && charset !== named) flow.anomaly(Anomaly.MixedCharsets);
        charset = named;
        if (named === Charset.Utf16 && ((stop - data) & 1) === 1) flow.anomaly(Anomaly.OddUtf16);
        texts.push(withoutNul(decodeText(buffer, data + CHARSET, stop, named)));
        this.start = texts.length === 1 && named !== Charset.Utf16 ? data + CHARSET : -1;
        this.end = endBeforeNul(buffer, data + CHARSET, stop);
      } else if (at > start && stop > data + CHARSET) {
        flow.anomaly(Anomaly.BadFragment);
        others.push(withoutNul(decodeText(buffer, data + CHARSET, stop, u16be(buffer, data))));
      }
      at = stop;
    }
    if (texts.length > 0) this.text = texts.join('');
    else if (others.length > 0) this.text = others.join('');
    if (texts.length + others.length > 1) this.lines = [...texts, ...others].join('\n');
  }
}
