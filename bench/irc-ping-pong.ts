/**
 * Round trips of IRC messages, one at a time, each of which a bridge in between reads, judges and tells of:
 *
 *   node irc-ping-pong.js echo ADDRESS PORT                     until it is killed
 *   node irc-ping-pong.js compare A B PORT ROUNDS COUNT         a line of JSON: a Compared
 *
 * `compare` talks to the same server by two addresses in turns, COUNT messages at a time: what the machine does
 * meanwhile, it does to both.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Compared {
  /** Medians of the turns, milliseconds: one a round. */
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Messages said, by each. */
  readonly said: number;
}

/** Messages before those that count. */
const WARM = 100;
/** Milliseconds between two turns: what one set off is over before the other is measured. */
const REST = 250;

function serve(socket: Socket): void {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => {
    text += octets.toString('latin1');
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    for (const line of lines) socket.write(answer(line));
  });
}

function answer(line: string): string {
  if (line.startsWith('USER')) return ':irc.example.com 001 anna :Welcome\r\n';
  if (line.startsWith('JOIN')) return ':anna!anna@a.example.com JOIN #ops\r\n';
  const said = /^PRIVMSG #ops :(.*)$/.exec(line);
  return said === null ? '' : `:ben!ben@b.example.com PRIVMSG #ops :heard ${said[1]}\r\n`;
}

async function compare(
  addresses: readonly [string, string],
  port: number,
  rounds: number,
  count: number,
): Promise<Compared> {
  const ends = [await Talk.open(addresses[0], port), await Talk.open(addresses[1], port)] as const;
  for (const end of ends) await end.medianOf(WARM);
  const medians: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    // First the one, then the other, and the other way round.
    for (const i of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      await sleep(REST);
      medians[i].push(await ends[i].medianOf(count));
    }
  }
  return { a: medians[0], b: medians[1], said: ends[0].said };
}

class Talk {
  said = 0;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(host: string, port: number): Promise<Talk> {
    const socket = connect({ port, host, noDelay: true });
    await once(socket, 'connect');
    const talk = new Talk(socket);
    socket.write('NICK anna\r\nUSER anna 0 * :Anna\r\n');
    await once(socket, 'data');
    socket.write('JOIN #ops\r\n');
    await once(socket, 'data');
    return talk;
  }

  /** Milliseconds. */
  async medianOf(count: number): Promise<number> {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      this.said += 1;
      const start = process.hrtime.bigint();
      this.#socket.write(`PRIVMSG #ops :falcon ${this.said} on the way to the market\r\n`);
      for (let text = ''; !text.endsWith('\r\n'); ) {
        const [octets] = (await once(this.#socket, 'data')) as [Buffer];
        text += octets.toString('latin1');
      }
      times.push(Number(process.hrtime.bigint() - start) / 1e6);
    }
    times.sort((a, b) => a - b);
    return times[count >> 1] ?? Number.NaN;
  }
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'echo') {
  const [address = '', port = '0'] = rest;
  createServer({ noDelay: true }, serve).listen(Number(port), address, () => {
    process.stdout.write('ready\n');
  });
} else if (what === 'compare') {
  const [a = '', b = '', port = '0', rounds = '0', count = '0'] = rest;
  const compared = await compare([a, b], Number(port), Number(rounds), Number(count));
  process.stdout.write(`${JSON.stringify(compared)}\n`);
  process.exit(0);
}
