/** Frames as they travel on an Ethernet, for tests of rings. */
import { VIRTIO_HEADER } from '../frame.ts';
import { interfaceIndex } from './interface-facts.ts';
import { SendQueue } from './send-queue.ts';

const A = '020000000001';
const B = '020000000002';

/** Of so many octets in all; the payload names `n` and is different all along. */
export function frameOf(type: string, n: number, octets: number, destination = B): Buffer {
  const frame = Buffer.alloc(octets);
  frame.write(destination + A + type, 'hex');
  const at = 12 + type.length / 2;
  frame.writeUInt32BE(n, at);
  for (let i = at + 4; i < octets; i++) frame[i] = (n * 31 + i * 7) & 0xff;
  return frame;
}

/** One of each kind that a bridge has to pass. */
export function framesOfEveryKind(): Buffer[] {
  return [
    frameOf('0806', 1, 60, 'ffffffffffff'), // ARP
    udp({ n: 2, payload: 100 }),
    frameOf('86dd', 3, 1514),
    frameOf('88cc', 4, 60, '0180c200000e'), // LLDP
    frameOf('0026424203', 5, 60, '0180c2000000'), // STP: 802.3 with LLC
    frameOf('81000007080045', 6, 64), // VLAN 7
    frameOf('8100e00a86dd', 7, 1518), // VLAN 10, priority 7, full
    frameOf('88a8006481000007080045', 8, 90), // 802.1ad: VLAN 7 in 100
    frameOf('8100000008004500', 9, 60), // priority tag
    frameOf('9100000181000002080045', 10, 128),
    frameOf('88b5', 11, 14 + 46), // local experiment
    frameOf('8863', 12, 60), // PPPoE discovery
    frameOf('8847', 13, 300), // MPLS
  ];
}

/** An IPv4 UDP datagram with right checksums left out (0 means none). */
export function udp(of: { n: number; payload: number; from?: number; to?: number }): Buffer {
  const { n, payload, from = 4000, to = 5060 } = of;
  const frame = Buffer.alloc(42 + payload);
  frame.write(`${B}${A}080045`, 'hex');
  frame.writeUInt16BE(28 + payload, 16);
  frame[22] = 64;
  frame[23] = 17;
  frame.writeUInt32BE(0x0a000001, 26);
  frame.writeUInt32BE(0x0a000002, 30);
  frame.writeUInt16BE(from, 34);
  frame.writeUInt16BE(to, 36);
  frame.writeUInt16BE(8 + payload, 38);
  for (let i = 0; i < payload; i++) frame[42 + i] = (n + i) & 0xff;
  if (payload >= 4) frame.writeUInt32BE(n, 42);
  return frame;
}

/** Sends whole frames into an interface of this thread's network namespace. */
export class FrameSender {
  readonly queue: SendQueue;

  constructor(interfaceName: string) {
    this.queue = new SendQueue(interfaceName, interfaceIndex(interfaceName));
  }

  send(...frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.queue.pushCopy(frame, 0, frame.length, -1);
    this.queue.flush();
  }

  /** A frame behind its virtio header. */
  sendWithHeader(octets: Uint8Array): void {
    this.queue.pushCopy(octets, VIRTIO_HEADER, octets.length, 0);
    this.queue.flush();
  }

  close(): void {
    this.queue.close();
  }
}
