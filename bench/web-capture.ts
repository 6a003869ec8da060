/**
 * A capture of ordinary web traffic: connections over TLS 1.3 to hosts of nobody's, as a page of a browser makes
 * them. Each: handshake, a hello of 517 octets, the server's answer, an exchange of records, FIN of both.
 */
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PcapWriter } from '../src/capture/pcap-writer.ts';

const ETHERNET = 14;
const IP = 20;
const TCP = 20;
const HELLO_OCTETS = 517;
const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;
/** Connections open at a time. */
const ABREAST = 200;

/** Packets of each connection: [by the client, flags, payload]. */
type Step = readonly [fromClient: boolean, flags: number, payload: Uint8Array];

export interface WebCapture {
  readonly path: string;
  readonly flows: number;
}

export function webCapture(flows: number): WebCapture {
  const folder = join(tmpdir(), 'sallyport-bench');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `web-${flows}.pcap`);
  if (!existsSync(path)) write(path, flows);
  return { path, flows };
}

/** As its connections send it, for whoever measures that alone. */
export function webHello(flow: number): Uint8Array {
  return hello(`www${flow % 977}.site${flow}.example`);
}

function write(path: string, flows: number): void {
  const writer = new PcapWriter(1);
  const file = openSync(path, 'w');
  writeSync(file, writer.header());
  let time = 1_795_411_200_000_000; // microseconds
  for (let first = 0; first < flows; first += ABREAST) {
    const last = Math.min(flows, first + ABREAST);
    const all = Array.from({ length: last - first }, (_, i) => connection(first + i));
    const chunks: Uint8Array[] = [];
    for (let step = 0; step < (all[0]?.length ?? 0); step++) {
      for (const packets of all) {
        time += 3;
        chunks.push(writer.record(packets[step] ?? NOTHING, time));
      }
    }
    writeSync(file, Buffer.concat(chunks));
  }
  closeSync(file);
}

const NOTHING = new Uint8Array(0);

function connection(flow: number): Uint8Array[] {
  const said = [0, 0];
  return steps(webHello(flow)).map(([fromClient, flags, payload]) => {
    const [mine = 0, other = 0] = fromClient ? said : [said[1], said[0]];
    const frame = tcpFrame(flow, fromClient, flags, mine, other, payload);
    said[fromClient ? 0 : 1] = mine + payload.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    return frame;
  });
}

function steps(hello: Uint8Array): Step[] {
  return [
    [true, SYN, NOTHING],
    [false, SYN | ACK, NOTHING],
    [true, ACK, NOTHING],
    [true, PSH | ACK, hello],
    [false, ACK, NOTHING],
    [false, PSH | ACK, serverFlight],
    [true, ACK, NOTHING],
    [true, PSH | ACK, sealed(80)],
    [true, PSH | ACK, sealed(400)],
    [false, PSH | ACK, sealed(1400)],
    [false, PSH | ACK, sealed(1400)],
    [false, PSH | ACK, sealed(900)],
    [true, ACK, NOTHING],
    [true, FIN | ACK, NOTHING],
    [false, FIN | ACK, NOTHING],
    [true, ACK, NOTHING],
  ];
}

/** A record of application data. */
function sealed(length: number): Uint8Array {
  const octets = new Uint8Array(length).map((_, i) => (i * 131 + 7) & 255);
  octets.set([0x17, 3, 3, (length - 5) >> 8, (length - 5) & 255]);
  return octets;
}

const serverFlight = (() => {
  const octets = sealed(1380);
  octets.set([0x16, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3]); // a ServerHello, then what is sealed
  octets.set([0x14, 3, 3, 0, 1, 1, 0x17, 3, 3, (1380 - 138) >> 8, (1380 - 138) & 255], 127);
  return octets;
})();

function tcpFrame(
  flow: number,
  fromClient: boolean,
  flags: number,
  sequence: number,
  acknowledgement: number,
  payload: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(ETHERNET + IP + TCP + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  frame[0] = frame[6] = 2;
  frame[fromClient ? 5 : 11] = 1;
  view.setUint16(ETHERNET, 0x4500);
  view.setUint16(ETHERNET + 2, IP + TCP + payload.length);
  view.setUint16(ETHERNET + 8, 0x4006);
  const client = 0x0a000000 + (flow % 251) + 1;
  const server = (0xc6120000 + (flow % 60_000)) | 0; // 198.18.0.0/15, for benchmarks (RFC 2544)
  view.setInt32(ETHERNET + 12, fromClient ? client : server);
  view.setInt32(ETHERNET + 16, fromClient ? server : client);
  const tcp = ETHERNET + IP;
  const port = 20_000 + (flow % 40_000);
  view.setUint16(tcp, fromClient ? port : 443);
  view.setUint16(tcp + 2, fromClient ? 443 : port);
  view.setUint32(tcp + 4, (flow * 7919 + sequence) >>> 0);
  view.setUint32(tcp + 8, (flags & ACK) === 0 ? 0 : (flow * 7919 + acknowledgement) >>> 0);
  view.setUint16(tcp + 12, 0x5000 | flags);
  view.setUint16(tcp + 14, 65_535);
  frame.set(payload, tcp + TCP);
  return frame;
}

/** As browsers say it: GREASE, a key share, h2, and padded. */
function hello(name: string): Uint8Array {
  const grease = (n: number) => [0x1a + n * 0x20, 0x1a + n * 0x20];
  const host = [...Buffer.from(name)];
  const extensions = [
    extension(grease(0), []),
    extension([0, 0], sized2([0, ...sized2(host)])),
    extension([0, 23], []),
    extension([0xff, 1], [0]),
    extension([0, 10], sized2([...grease(1), 0, 29, 0, 23, 0, 24])),
    extension([0, 11], [1, 0]),
    extension([0, 35], []),
    extension([0, 16], sized2([2, 0x68, 0x32, 8, ...Buffer.from('http/1.1')])),
    extension([0, 5], [1, 0, 0, 0, 0]),
    extension([0, 13], sized2([4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1, 8, 6, 6, 1])),
    extension([0, 18], []),
    extension([0, 51], sized2([0, 29, ...sized2(Array.from({ length: 32 }, (_, i) => i))])),
    extension([0, 45], [1, 1]),
    extension([0, 43], [6, ...grease(2), 3, 4, 3, 3]),
  ].flat();
  const ciphers = [
    ...grease(3),
    ...[0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8].flatMap((c) => [
      c >> 8,
      c & 255,
    ]),
  ];
  const before = [3, 3, ...Array.from({ length: 32 }, (_, i) => i * 3), 32];
  const body = [...before, ...Array.from({ length: 32 }, (_, i) => i), ...sized2(ciphers), 1, 0];
  const missing = HELLO_OCTETS - 9 - body.length - 2 - extensions.length - 4;
  const padded = [...extensions, ...extension([0, 21], new Array(Math.max(0, missing)).fill(0))];
  const message = [...body, ...sized2(padded)];
  return Uint8Array.from([
    ...[0x16, 3, 1, (message.length + 4) >> 8, (message.length + 4) & 255],
    ...[1, 0, message.length >> 8, message.length & 255],
    ...message,
  ]);
}

function extension(type: readonly number[], content: readonly number[]): number[] {
  return [...type, ...sized2(content)];
}

function sized2(content: readonly number[]): number[] {
  return [content.length >> 8, content.length & 255, ...content];
}
