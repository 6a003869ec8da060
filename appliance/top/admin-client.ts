/** Asks a running gateway through its admin server. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Exit, errorCode, UserError } from '../cli/user-error.ts';

export interface AdminTarget {
  readonly address: string;
  readonly port: number;
  readonly token: string;
}

/** The gateway does not answer, now: it may later. */
export class NoAnswer extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'NoAnswer';
  }
}

const PATIENCE = 5000; // milliseconds
const LONGEST_ANSWER = 32 << 20; // octets; a thousand flows are half a megabyte
const LONGEST_EVENT = 8 << 20; // characters of one line

export class AdminClient {
  readonly #target: AdminTarget;
  readonly #open = new Set<ClientRequest>();

  constructor(target: AdminTarget) {
    this.#target = target;
  }

  /** Throws NoAnswer, or UserError where asking again is no use (the token is wrong). */
  async get(path: string): Promise<unknown> {
    const response = await this.#ask(path);
    let text = '';
    try {
      response.setEncoding('utf8');
      for await (const part of response) {
        text += part;
        if (text.length > LONGEST_ANSWER) throw new NoAnswer('the answer is too long');
      }
      return JSON.parse(text);
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer('the answer broke off');
    }
  }

  /** Calls `hear` with the JSON of each event, until the connection ends; then resolves. */
  async events(hear: (event: unknown) => void, lost: (count: number) => void): Promise<void> {
    const response = await this.#ask('/api/v1/events?content=no');
    let rest = '';
    let kind = '';
    try {
      response.setEncoding('utf8');
      for await (const part of response) {
        const lines = (rest + part).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > LONGEST_EVENT) return;
        for (const line of lines) {
          if (line.startsWith('event: ')) kind = line.slice(7);
          else if (line === '') kind = '';
          else if (line.startsWith('data: ') && kind === 'lost') lost(Number(line.slice(6)) || 0);
          else if (line.startsWith('data: ')) hear(JSON.parse(line.slice(6)));
        }
      }
    } catch {
      // The connection broke: whoever called asks again.
    }
  }

  close(): void {
    for (const one of this.#open) one.destroy();
  }

  #ask(path: string): Promise<IncomingMessage> {
    const { address, port, token } = this.#target;
    const headers = { authorization: `Bearer ${token}`, connection: 'close' };
    return new Promise((resolve, reject) => {
      const asked = request({ host: address, port, path, headers, agent: false });
      this.#open.add(asked);
      asked.setTimeout(PATIENCE, () => asked.destroy(new NoAnswer('no answer for 5 s')));
      asked.on('close', () => this.#open.delete(asked));
      asked.on('error', (error) => {
        reject(
          error instanceof NoAnswer
            ? error
            : new NoAnswer(WHY[errorCode(error) ?? ''] ?? error.message),
        );
      });
      asked.on('response', (response) => {
        if (response.statusCode === 200) {
          resolve(response);
          return;
        }
        response.resume();
        reject(refusal(response.statusCode ?? 0, this.#target));
      });
      asked.end();
    });
  }
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ENOTFOUND: 'no such name',
};

function refusal(code: number, { address, port }: AdminTarget): Error {
  if (code === 401 || code === 421) {
    return new UserError(
      `${address}:${port}: the token is not that of this gateway`,
      'Name the file with its token: --token-file FILE (admin.token-file of its configuration).',
      Exit.Failed,
    );
  }
  if (code === 404) {
    return new UserError(
      `${address}:${port}: that is no Sallyport gateway`,
      undefined,
      Exit.Failed,
    );
  }
  return new NoAnswer(`it answers with status ${code}`);
}
