/** Capture files made in a test: one IRC conversation over TCP, as octets of a pcap file. */

const CLIENT = [10, 0, 0, 5] as const;
const SERVER = [192, 0, 2, 1] as const;

interface Segment {
  readonly toServer: boolean;
  readonly text: string;
}

/** A pcap file of one connection to port 6667 with the handshake, `segments`, and the end. */
export function ircCapture(segments: readonly Segment[]): Uint8Array {
  const packets: Uint8Array[] = [];
  const next = { client: 1000, server: 5000 };
  const send = (toServer: boolean, flags: number, text: string) => {
    const payload = new TextEncoder().encode(text);
    const [sequence, acknowledgement] = toServer
      ? [next.client, next.server]
      : [next.server, next.client];
    packets.push(packet(toServer, sequence, acknowledgement, flags, payload));
    const used = payload.length + (flags & 0b11 ? 1 : 0); // SYN and FIN count
    if (toServer) next.client += used;
    else next.server += used;
  };
  send(true, 0x02, '');
  send(false, 0x12, '');
  send(true, 0x10, '');
  for (const { toServer, text } of segments) send(toServer, 0x18, text);
  send(true, 0x11, '');
  send(false, 0x11, '');
  return pcap(packets);
}

/** Little-endian, microseconds, Ethernet; one packet every millisecond from 2026-11-23 09:00 UTC. */
function pcap(packets: readonly Uint8Array[]): Uint8Array {
  const start = Date.UTC(2026, 10, 23, 9) / 1000;
  const parts = [words(0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1)];
  for (const [i, octets] of packets.entries()) {
    parts.push(
      words(start + Math.floor(i / 1000), (i % 1000) * 1000, octets.length, octets.length),
    );
    parts.push(octets);
  }
  return Buffer.concat(parts);
}

function words(...values: number[]): Uint8Array {
  const octets = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) octets.writeUInt32LE(value >>> 0, i * 4);
  return octets;
}

function packet(
  toServer: boolean,
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
): Uint8Array {
  const octets = Buffer.alloc(14 + 20 + 20 + payload.length);
  octets.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]); // Ethernet, IPv4
  octets[14] = 0x45;
  octets.writeUInt16BE(octets.length - 14, 16);
  octets[22] = 64; // hop limit
  octets[23] = 6; // TCP
  octets.set(toServer ? [...CLIENT, ...SERVER] : [...SERVER, ...CLIENT], 26);
  octets.writeUInt16BE(toServer ? 40123 : 6667, 34);
  octets.writeUInt16BE(toServer ? 6667 : 40123, 36);
  octets.writeUInt32BE(sequence, 38);
  octets.writeUInt32BE(acknowledgement, 42);
  octets[46] = 0x50;
  octets[47] = flags;
  octets.writeUInt16BE(65535, 48);
  octets.set(payload, 54);
  return octets;
}

export const IRC_HELLO: readonly Segment[] = [
  { toServer: true, text: 'NICK alice\r\nUSER alice 0 * :Alice\r\n' },
  { toServer: false, text: ':irc.example 001 alice :Welcome\r\n' },
  { toServer: true, text: 'JOIN #ops\r\n' },
  { toServer: false, text: ':alice!alice@10.0.0.5 JOIN #ops\r\n' },
];
