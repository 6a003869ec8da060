// Two people who talk over IRC on one host until standard input ends: a numbered line every few milliseconds. Says how
// many lines were said.
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const EVERY = 3; // ms
const peers = new Map();
const server = createServer((socket) => {
  let nick = '';
  socket.on('error', () => undefined);
  socket.on('data', (octets) => {
    for (const line of String(octets).split('\r\n')) {
      if (line.startsWith('NICK ')) {
        nick = line.slice(5);
        peers.set(nick, socket);
        socket.write(`:srv 001 ${nick} :Welcome\r\n`);
      } else if (line.startsWith('PRIVMSG ')) {
        peers.get(line.split(' ')[1])?.write(`:${nick}!${nick}@host ${line}\r\n`);
      }
    }
  });
});
const joined = (nick) =>
  new Promise((resolve) => {
    const socket = connect(6667, '127.0.0.1');
    socket.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
    socket.once('data', () => resolve(socket));
    socket.on('data', () => undefined);
  });

await new Promise((resolve) => server.listen(6667, '127.0.0.1', resolve));
const [anna] = [await joined('anna'), await joined('ben')];
let ends = false;
process.stdin.on('end', () => {
  ends = true;
});
process.stdin.resume();
let said = 0;
process.stdout.write('talking\n');
while (!ends) {
  said += 1;
  anna.write(`PRIVMSG ben :falcon ${said} over the harbour\r\n`);
  await sleep(EVERY);
}
await sleep(200);
process.stdout.write(`${said}\n`, () => process.exit(0));
