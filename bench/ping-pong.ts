/**
 * Round trips of 64 octets over TCP and UDP, one at a time:
 *
 *   node ping-pong.js echo ADDRESS PORT            until it is killed
 *   node ping-pong.js measure ADDRESS PORT COUNT   a line of JSON, a PingPong
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export interface RoundTrips {
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

export interface PingPong {
  readonly tcp: RoundTrips;
  readonly udp: RoundTrips;
}

const OCTETS = 64;
/** Round trips before those that count: caches, the compiler, neighbour discovery. */
const WARM = 300;
const LOST = 1000; // milliseconds until a datagram is sent again

const [what, address = '', port = '0', count = '0'] = process.argv.slice(2);
if (what === 'echo') echo();
else if (what === 'measure') {
  const figures: PingPong = { tcp: await overTcp(), udp: await overUdp() };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.exit(0);
}

function echo(): void {
  createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  }).listen(Number(port), address, () => process.stdout.write('ready\n'));
  const datagrams = createSocket('udp4');
  datagrams.on('message', (octets, from) => datagrams.send(octets, from.port, from.address));
  datagrams.bind(Number(port), address);
}

async function overTcp(): Promise<RoundTrips> {
  const socket = connect({ port: Number(port), host: address, noDelay: true });
  await once(socket, 'connect');
  const figures = await repeat(async () => {
    socket.write(Buffer.alloc(OCTETS));
    for (let came = 0; came < OCTETS; ) {
      const [octets] = (await once(socket, 'data')) as [Buffer];
      came += octets.length;
    }
  });
  socket.destroy();
  return figures;
}

async function overUdp(): Promise<RoundTrips> {
  const socket = createSocket('udp4');
  const figures = await repeat(async () => {
    const answered = once(socket, 'message');
    const send = () => socket.send(Buffer.alloc(OCTETS), Number(port), address);
    const again = setInterval(send, LOST);
    send();
    await answered;
    clearInterval(again);
  });
  socket.close();
  return figures;
}

async function repeat(roundTrip: () => Promise<void>): Promise<RoundTrips> {
  const times: number[] = [];
  for (let n = -WARM; n < Number(count); n++) {
    const start = process.hrtime.bigint();
    await roundTrip();
    if (n >= 0) times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}
