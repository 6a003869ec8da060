// One end of an IRC conversation over a plain socket: `client ADDRESS LINE…` or `server ADDRESS FILE`. `half`: a
// client that leaves its last line open, and says when it sent it. FILE `-`: what comes is said, with its time. A
// client that is told to end (SIGTERM) says no more lines; it tells how many it has said.
import { appendFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [role, host, ...rest] = process.argv.slice(2);
const port = 6667;

if (role === 'server') {
  const server = createServer((socket) => {
    socket.on('data', (octets) => {
      const text = String(octets);
      if (rest[0] === '-') process.stdout.write(`${JSON.stringify({ at: Date.now(), text })}\n`);
      else appendFileSync(rest[0] ?? '', text);
      if (/^USER/m.test(text)) socket.write(':srv 001 anna :Welcome\r\n:srv 376 anna :End\r\n');
    });
    socket.on('error', () => undefined); // a reset
    socket.on('close', () => server.close());
  });
  server.listen(port, host, () => process.stdout.write('listening\n'));
} else {
  const socket = connect(port, host);
  let over = false;
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    over = true;
  });
  if (role === 'client') {
    process.on('SIGTERM', () => {
      over = true;
    });
  }
  let spoken = 0;
  socket.write('NICK anna\r\nUSER anna 0 * :Anna\r\n');
  await sleep(100);
  for (const line of role === 'half' ? [] : rest) {
    if (over) break;
    socket.write(`${line}\r\n`);
    spoken += 1;
    await sleep(20);
  }
  if (role === 'half') {
    process.stdout.write(`${JSON.stringify({ at: Date.now(), text: 'sent' })}\n`);
    socket.write(rest.at(-1) ?? '');
  } else {
    process.stdout.write(`${JSON.stringify({ at: Date.now(), text: `spoken ${spoken}` })}\n`);
    socket.end('QUIT :bye\r\n');
  }
}
