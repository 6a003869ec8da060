// A real transfer of IRC (DCC SEND) over sockets of one host: `FILE`. The server relays what one nick says to the
// other; the octets go from the sender's own socket to whoever fetches them.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const content = readFileSync(process.argv[2]);
const HOST = '127.0.0.1';
const IRC = 6667;
/** 127.0.0.1 as DCC writes it. */
const NUMBER = 2 ** 24 * 127 + 1;

const peers = new Map();
const server = createServer((socket) => {
  let nick = '';
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

const listening = (of, port) => new Promise((resolve) => of.listen(port, HOST, resolve));
const joined = (nick) =>
  new Promise((resolve) => {
    const socket = connect(IRC, HOST);
    socket.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
    socket.once('data', () => resolve(socket));
  });

await listening(server, IRC);
const [anna, ben] = [await joined('anna'), await joined('ben')];
const sender = createServer((socket) => {
  socket.on('data', () => undefined); // what has arrived, as DCC says it
  socket.end(content);
});
await listening(sender, 0);
const done = new Promise((resolve) => {
  ben.once('data', () => {
    let received = 0;
    const fetching = connect(sender.address().port, HOST);
    fetching.on('data', (octets) => {
      received += octets.length;
      const acknowledged = Buffer.alloc(4);
      acknowledged.writeUInt32BE(received);
      fetching.write(acknowledged);
    });
    fetching.on('close', () => resolve(received));
  });
});
anna.write(
  `PRIVMSG ben :\x01DCC SEND plan.pdf ${NUMBER} ${sender.address().port} ${content.length}\x01\r\n`,
);
const received = await done;
for (const socket of [anna, ben]) socket.end('QUIT :bye\r\n');
for (const socket of peers.values()) socket.end();
for (const one of [server, sender]) one.close();
process.stdout.write(`${received}\n`);
