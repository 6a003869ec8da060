/**
 * The conductor's end of an actor: a Node process in a client's namespace that holds the real
 * client libraries and does what it is told, one JSON object a line:
 * {id, command, args} there, {id, result} or {id, error} back.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Host, Network } from './network.ts';

export interface Call {
  readonly id: number;
  readonly command: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export class Actor {
  readonly host: Host;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(why: Error): void }
  >();
  #next = 1;

  /** `program` is the compiled actors/main.js. */
  constructor(network: Network, host: Host, program: string, environment: NodeJS.ProcessEnv = {}) {
    this.host = host;
    this.#child = network.spawn(host, process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const output = this.#child.stdout;
    if (output === null) throw new Error('an actor without standard output');
    createInterface({ input: output }).on('line', (line) => this.#answer(JSON.parse(line)));
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the actor ended'));
      this.#waiting.clear();
    });
  }

  /** Rejects with the actor's own words. */
  call(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = this.#next++;
    const call: Call = { id, command, args };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify(call)}\n`);
    });
  }

  /** As `call`, for commands that answer with a text. */
  async ask(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const result = await this.call(command, args);
    if (typeof result !== 'string') throw new Error(`${command} answered ${typeof result}`);
    return result;
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(new Error(`${this.host.namespace}: ${answer.error}`));
  }
}
