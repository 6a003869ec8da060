/**
 * Plain TCP for what the libraries lack: DCC data and chat, SOCKS5 bytestreams, an HTTP upload.
 * Sockets have the names the scene gives them. Octets travel as base64.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { type Arguments, type Commands, number, text } from './commands.ts';

const LIMIT_MS = 30_000;
/** Connections that are tried at once. */
const ATTEMPTS = 4;

interface Connection {
  readonly socket: Promise<Socket>;
  received: Buffer;
  write(octets: Buffer): void;
  arrive(octets: Buffer): void;
}

export function socketCommands(): Commands {
  const connections = new Map<string, Connection>();
  const find = (args: Arguments): Connection => {
    const found = connections.get(text(args, 'socket'));
    if (found === undefined) throw new Error(`no socket ${text(args, 'socket')}`);
    return found;
  };
  const keep = (args: Arguments, socket: Promise<Socket>): Connection => {
    const made: Connection = {
      socket,
      received: Buffer.alloc(0),
      write: () => undefined,
      arrive: () => undefined,
    };
    connections.set(text(args, 'socket'), made);
    socket.then(
      (open) => attach(made, open),
      () => undefined,
    );
    return made;
  };

  return {
    /** Accepts one connection on a port of the system's choice; answers the port. */
    'socket.listen': async (args) => {
      const server = createServer();
      server.listen(0, text(args, 'address'));
      await once(server, 'listening');
      const accepted = once(server, 'connection').then(([socket]: Socket[]) => {
        server.close();
        if (socket === undefined) throw new Error('no connection');
        return socket;
      });
      keep(args, accepted);
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      return address.port;
    },
    'socket.connect': async (args) => {
      const socket = connect(number(args, 'port'), text(args, 'address'));
      const open = once(socket, 'connect').then(() => socket);
      await keep(args, open).socket;
    },
    /** Whether one of some connections opens within the time: a SYN may be lost twice. They are closed again at once. */
    'socket.opens': async (args) => {
      const signal = AbortSignal.timeout(number(args, 'milliseconds'));
      const attempts = Array.from({ length: ATTEMPTS }, async () => {
        const socket = connect(number(args, 'port'), text(args, 'address'));
        socket.on('error', () => undefined);
        try {
          await once(socket, 'connect', { signal });
        } finally {
          socket.destroy();
        }
      });
      return Promise.any(attempts).then(
        () => true,
        () => false,
      );
    },
    'socket.write': async (args) => {
      const connection = find(args);
      await connection.socket;
      connection.write(Buffer.from(text(args, 'base64'), 'base64'));
    },
    /** Waits for exactly `octets` more; answers them as base64. */
    'socket.read': async (args) => {
      const connection = find(args);
      const wanted = number(args, 'octets');
      await arrived(connection, () => connection.received.length >= wanted);
      const part = connection.received.subarray(0, wanted);
      connection.received = connection.received.subarray(wanted);
      return part.toString('base64');
    },
    /** Waits until a text has arrived; answers everything up to its end. */
    'socket.readUntil': async (args) => {
      const connection = find(args);
      const wanted = text(args, 'text');
      await arrived(connection, () => connection.received.includes(wanted));
      const end = connection.received.indexOf(wanted) + Buffer.byteLength(wanted);
      const part = connection.received.subarray(0, end).toString('utf8');
      connection.received = connection.received.subarray(end);
      return part;
    },
    /** From here on each direction is one zlib stream, flushed after every write (XEP-0138). */
    'socket.compress': async (args) => {
      const connection = find(args);
      compress(connection, await connection.socket);
    },
    /** Receives a DCC file: acknowledges every part with the total (32 bit, big-endian). */
    'socket.receiveDcc': async (args) => {
      const connection = find(args);
      const socket = await connection.socket;
      const size = number(args, 'octets');
      const acknowledge = () => {
        const total = Buffer.alloc(4);
        total.writeUInt32BE(connection.received.length);
        socket.write(total);
      };
      socket.on('progress', acknowledge);
      if (connection.received.length > 0) acknowledge();
      await arrived(connection, () => connection.received.length >= size);
      return createHash('sha256').update(connection.received).digest('hex');
    },
    'socket.end': async (args) => {
      const socket = await find(args).socket;
      socket.end();
      if (!socket.closed) await once(socket, 'close', { signal: AbortSignal.timeout(LIMIT_MS) });
      connections.delete(text(args, 'socket'));
    },
    /** Answers the HTTP status code. */
    'http.put': async (args) => {
      const response = await fetch(text(args, 'url'), {
        method: 'PUT',
        headers: { 'content-type': text(args, 'type'), authorization: text(args, 'authorization') },
        body: Buffer.from(text(args, 'base64'), 'base64'),
      });
      return response.status;
    },
  };
}

function attach(connection: Connection, socket: Socket): void {
  connection.write = (octets) => socket.write(octets);
  connection.arrive = (octets) => {
    connection.received = Buffer.concat([connection.received, octets]);
    socket.emit('progress');
  };
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => connection.arrive(octets));
}

function compress(connection: Connection, socket: Socket): void {
  const { arrive } = connection;
  const inflate = createInflate();
  inflate.on('data', arrive);
  connection.arrive = (octets) => inflate.write(octets);
  const deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH });
  deflate.on('data', (octets) => socket.write(octets));
  connection.write = (octets) => deflate.write(octets);
}

async function arrived(connection: Connection, enough: () => boolean): Promise<void> {
  const socket = await connection.socket;
  const signal = AbortSignal.timeout(LIMIT_MS);
  while (!enough()) await once(socket, 'progress', { signal });
}
