/**
 * A second parser's opinion on a conversation that a test made: it is written as a capture, and tshark
 * reads it with a dissector of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Direction } from '../../parsers/contract.ts';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import { joined, type Turn } from './parser-harness.ts';

const run = promisify(execFile);
const MOST = 1400; // octets of payload a packet
const ETHERNET = 1;
const TCP = 6;
const UDP = 17;

export interface Wire {
  readonly transport?: 'tcp' | 'udp';
  /** Of the server; the client's is 40000. */
  readonly port: number;
}

/** The turns as a capture file: one connection with its handshake, or a datagram a turn. */
export function captureOf(turns: readonly Turn[], { transport = 'tcp', port }: Wire): Uint8Array {
  const writer = new PcapWriter(ETHERNET);
  const parts = [writer.header()];
  let time = 1.7e15;
  const next = [1000, 2000]; // sequence numbers, by direction
  const packet = (direction: Direction, payload: Uint8Array, flags: number) => {
    time += 1000;
    const ports = direction === Direction.ToServer ? [40000, port] : [port, 40000];
    const own = next[direction] ?? 0;
    const other = next[direction === 0 ? 1 : 0] ?? 0;
    const header =
      transport === 'udp' ? udpHeader(ports, payload.length) : tcpHeader(ports, own, other, flags);
    const data = joined(header, payload);
    parts.push(writer.record(joined(ipv4(direction, data.length, transport), data), time));
    next[direction] = own + payload.length + ((flags & 3) === 0 ? 0 : 1);
  };
  const nothing = new Uint8Array(0);
  if (transport === 'tcp') {
    packet(0, nothing, 0x02);
    packet(1, nothing, 0x12);
    packet(0, nothing, 0x10);
  }
  for (const { direction, wire } of turns) {
    for (let at = 0; at < wire.length; at += transport === 'udp' ? wire.length : MOST) {
      const part = transport === 'udp' ? wire : wire.subarray(at, at + MOST);
      packet(direction, part, 0x18);
    }
  }
  if (transport === 'tcp') {
    packet(0, nothing, 0x11);
    packet(1, nothing, 0x11);
  }
  return joined(...parts);
}

export interface Question {
  /** Display filter: packets that count. */
  readonly filter: string;
  /** Names of fields, as `-e` takes them. */
  readonly fields: readonly string[];
  /** `tcp.port==5190,aim`, where the port does not tell. */
  readonly decodeAs?: readonly string[];
  /** `-o` preferences. */
  readonly preferences?: readonly string[];
}

/**
 * What tshark finds: a row a packet, a list of values a field (a field may come more than once in a
 * packet). Throws where tshark fails.
 */
export async function tsharkFields(capture: Uint8Array, question: Question): Promise<string[][][]> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tshark-'));
  try {
    const path = join(folder, 'turns.pcap');
    writeFileSync(path, capture);
    const hints = (question.decodeAs ?? []).flatMap((hint) => ['-d', hint]);
    const preferences = (question.preferences ?? []).flatMap((text) => ['-o', text]);
    const fields = question.fields.flatMap((name) => ['-e', name]);
    const { stdout } = await run('tshark', [
      ...['-n', '-r', path, '-Y', question.filter, ...hints, ...preferences],
      ...['-T', 'fields', '-E', 'separator=/t', '-E', `aggregator=${MARK}`, ...fields],
    ]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t').map((cell) => (cell === '' ? [] : cell.split(MARK))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const MARK = '\u001f';

function ipv4(direction: Direction, length: number, transport: 'tcp' | 'udp'): Uint8Array {
  const octets = new Uint8Array(14 + 20);
  const view = new DataView(octets.buffer);
  octets.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]);
  view.setUint16(14, 0x4500);
  view.setUint16(16, 20 + length);
  view.setUint16(20, 0x4000); // don't fragment
  octets[22] = 64;
  octets[23] = transport === 'tcp' ? TCP : UDP;
  const client = [10, 0, 0, 1];
  const server = [10, 0, 0, 2];
  const [from, to] = direction === Direction.ToServer ? [client, server] : [server, client];
  octets.set(from, 26);
  octets.set(to, 30);
  return octets;
}

function tcpHeader(
  ports: readonly number[],
  own: number,
  other: number,
  flags: number,
): Uint8Array {
  const octets = new Uint8Array(20);
  const view = new DataView(octets.buffer);
  view.setUint16(0, ports[0] ?? 0);
  view.setUint16(2, ports[1] ?? 0);
  view.setUint32(4, own);
  view.setUint32(8, (flags & 0x10) === 0 ? 0 : other);
  octets[12] = 0x50;
  octets[13] = flags;
  view.setUint16(14, 65535);
  return octets;
}

function udpHeader(ports: readonly number[], length: number): Uint8Array {
  const octets = new Uint8Array(8);
  const view = new DataView(octets.buffer);
  view.setUint16(0, ports[0] ?? 0);
  view.setUint16(2, ports[1] ?? 0);
  view.setUint16(4, 8 + length);
  return octets;
}
