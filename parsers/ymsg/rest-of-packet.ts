/** What goes on of a packet of several messages of which some were refused. */
import { ascii } from '../../src/bytes/text.ts';
import { joined, packetAround } from './packet-writer.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { REFUSED_LIMIT } from './ymsg-limits.ts';

const NOTHING = new Uint8Array(0);
const SEPARATOR = Uint8Array.of(0xc0, 0x80);

/** The packet again without the pairs of the messages refused so far; nothing where none is left. */
export function withoutRefused(flow: YmsgFlow): Uint8Array {
  const { pairs, packet: head, direction } = flow;
  const gone = flow.refusedBlocks();
  // It is made again for every refused message of the packet: of one with many nothing goes on.
  if (gone.length > REFUSED_LIMIT) return NOTHING;
  const kept: Uint8Array[] = [];
  let texts = 0;
  for (let i = 0; i < pairs.size; i++) {
    if (gone.some(([from, to]) => i >= from && i < to)) continue;
    if (pairs.key(i) === 14) texts += 1;
    kept.push(ascii(String(pairs.key(i))), SEPARATOR);
    kept.push(pairs.buffer.subarray(pairs.start(i), pairs.end(i)), SEPARATOR);
  }
  if (texts === 0) return NOTHING;
  return packetAround(flow, direction, head.service, head.status, joined(kept));
}
