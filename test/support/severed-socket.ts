/**
 * A UNIX socket before that of a PostgreSQL server which can lose a connection at the worst moment: the server has
 * done what it was asked, and the answer never arrives.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = '.s.PGSQL.5432';

export class SeveredSocket {
  readonly folder: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #wanted: string | undefined;
  /** Answers that were lost. */
  severed = 0;

  private constructor(folder: string, behind: string) {
    this.folder = folder;
    this.#server = createServer((client) => this.#join(client, join(behind, NAME)));
  }

  /** `behind`: the folder of the server's socket. */
  static async make(behind: string): Promise<SeveredSocket> {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-severed-'));
    const made = new SeveredSocket(folder, behind);
    made.#server.listen(join(folder, NAME));
    await once(made.#server, 'listening');
    return made;
  }

  /** The next time a client says this, it never hears the answer. */
  loseAnswerTo(text: string): void {
    this.#wanted = text;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #join(client: Socket, path: string): void {
    const server = createConnection(path);
    let isLost = false;
    const drop = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', drop);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        drop();
      });
    }
    client.on('data', (asked) => {
      if (this.#wanted !== undefined && asked.includes(this.#wanted)) {
        this.#wanted = undefined;
        isLost = true;
      }
      server.write(asked);
    });
    server.on('data', (answer) => {
      if (!isLost) {
        client.write(answer);
        return;
      }
      this.severed += 1;
      drop();
    });
  }
}
