/**
 * TLV 0002 of a message on channel 1: pieces, each u8 kind · u8 version · u16 length · data. Kind 5 is
 * what the sender can show, kind 1 is text: u16 charset · u16 subset · octets. Several texts are one.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { Charset, decodeText, endBeforeNul, withoutNul } from './text-decoding.ts';

const TEXT = 1;
const HEAD = 4;
const CHARSET = 4;
/** Pieces of one message that are read: clients send one, or two around a picture. */
const PIECES_LIMIT = 256;

export class Fragments {
  /** All texts, as written. Undefined where there is none. */
  text: string | undefined = undefined;
  /** Where the text stands in one piece in octets that are its UTF-8; -1 where it does not. */
  start = -1;
  end = -1;

  read(flow: OscarFlow, buffer: Uint8Array, start: number, end: number): void {
    this.text = undefined;
    this.start = -1;
    this.end = -1;
    let pieces = 0;
    let charset = -1;
    const texts: string[] = [];
    for (let at = start; at < end; ) {
      const data = at + HEAD;
      const stop = data + (data <= end ? u16be(buffer, at + 2) : 0);
      if (data > end || stop > end || pieces >= PIECES_LIMIT) {
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
      }
      pieces += 1;
      at = stop;
    }
    if (texts.length > 0) this.text = texts.join('');
  }
}
