/** Channel 4, TLV 05, little-endian: u32 sender · u8 type · u8 flags · u16 length · text. */
import { Anomaly } from './anomalies.ts';
import { Cursor } from './cursor.ts';
import type { Letter } from './icbm.ts';
import { sayIcqMessage } from './icq-message.ts';
import type { OscarFlow } from './oscar-flow.ts';

const block = new Cursor();

export function readIcqChannel(flow: OscarFlow, letter: Letter, start: number, end: number): void {
  const { buffer } = flow.snac.body;
  block.over(buffer, start, end);
  block.u32le();
  const type = block.u8();
  block.u8();
  const length = block.u16le();
  if (block.failed) {
    block.clear();
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (length > block.left) flow.anomaly(Anomaly.BadTlv);
  const from = block.at;
  // What stands behind the announced length (an SMS has it all there) is read with it.
  const to = type === 0x1a ? block.end : Math.min(block.end, from + length);
  block.clear();
  sayIcqMessage(flow, {
    type,
    from: letter.from,
    to: letter.to,
    buffer,
    start: from,
    end: to,
    messageId: letter.cookie,
    sentAt: undefined,
  });
}
