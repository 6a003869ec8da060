/**
 * `node tap-generator.js IFACE FRAMES PER_SECOND`: sends TCP frames of mixed sizes, many flows, evenly spread
 * over the time. A process of its own, in the namespace of the far end.
 */
import { interfaceIndex } from '../src/capture/afpacket/interface-facts.ts';
import { SendQueue } from '../src/capture/afpacket/send-queue.ts';

const SIZES = [60, 66, 90, 250, 590, 1514]; // octets, as often each
const FLOWS = 4096;
const BATCH = 64;

const [interfaceName = '', frames = '0', perSecond = '0'] = process.argv.slice(2);
const total = Number(frames);
const rate = Number(perSecond) / 1000;
const queue = new SendQueue(interfaceName, interfaceIndex(interfaceName));
const prepared = Array.from({ length: FLOWS }, (_, n) => frameOf(n, SIZES[n % SIZES.length] ?? 60));
const began = performance.now();
let sent = 0;
while (sent < total) {
  const due = Math.min(total, Math.floor((performance.now() - began) * rate));
  if (due - sent < BATCH && due < total) continue;
  for (const end = Math.min(due, sent + BATCH); sent < end; sent++) {
    const frame = prepared[sent % FLOWS];
    if (frame !== undefined) queue.pushCopy(frame, 0, frame.length, -1);
  }
  queue.flush();
}
queue.close();
process.stdout.write(`${queue.sent}\n`);

/** A TCP segment with data; only its headers are ever looked at. */
function frameOf(flow: number, octets: number): Uint8Array {
  const frame = Buffer.alloc(octets);
  frame.write('02000000000202000000000108004500', 'hex');
  frame.writeUInt16BE(octets - 14, 16);
  frame[22] = 64;
  frame[23] = 6;
  frame.writeUInt32BE(0x0a000000 + (flow >>> 3), 26);
  frame.writeUInt32BE(0x0a800000 + (flow & 7), 30);
  frame.writeUInt16BE(20000 + flow, 34);
  frame.writeUInt16BE(443, 36);
  frame[46] = 0x50;
  frame[47] = 0x10;
  return frame;
}
