/**
 * A TCP connection full of octets that both ends know by their SHA-256. On a host of the lab:
 *
 *   stream receive ADDRESS PORT          one connection, to its end
 *   stream send ADDRESS PORT SECONDS     as fast as it goes
 *
 * Each writes `OCTETS SHA256` to standard output at the end; a connection that is reset fails it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const [what, address = '', port = '', seconds = '0'] = process.argv.slice(2);
const hash = createHash('sha256');
let octets = 0;

function note(part: Uint8Array): void {
  hash.update(part);
  octets += part.length;
}

if (what === 'receive') {
  const server = createServer((socket) => {
    server.close();
    socket.on('data', note);
    socket.on('end', () => {
      socket.end();
      process.stdout.write(`${octets} ${hash.digest('hex')}\n`);
    });
  });
  server.listen(Number(port), address);
} else {
  const block = randomBytes(1 << 18);
  const socket = connect(Number(port), address);
  await once(socket, 'connect');
  socket.resume();
  const end = Date.now() + Number(seconds) * 1000;
  for (let number = 0; Date.now() < end; number++) {
    // Every block differs from the others, and is the kernel's to keep until it is written.
    const part = Buffer.from(block);
    part.writeUInt32LE(number);
    note(part);
    if (!socket.write(part)) await once(socket, 'drain');
  }
  socket.end();
  await once(socket, 'close');
  process.stdout.write(`${octets} ${hash.digest('hex')}\n`);
}
