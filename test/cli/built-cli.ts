/** The program as it is shipped (built by build.ts), run as a process of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Written to standard input; without it, standard input is empty. */
  readonly input?: Uint8Array | string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The reader goes away after the first octets of standard output. */
  readonly closeEarly?: boolean;
  /** Interrupted once standard error matches; standard input stays open until then. */
  readonly interruptAt?: RegExp;
}

export class BuiltCli {
  readonly #folder: string;
  readonly main: string;

  constructor() {
    this.main = inject('builtMain');
    this.#folder = mkdtempSync(join(tmpdir(), 'sallyport-cli-'));
  }

  /** For the scratch files of a test file. */
  get folder(): string {
    return this.#folder;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env };
    const child = spawn(process.execPath, [this.main, ...args], { cwd: options.cwd ?? ROOT, env });
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (options.closeEarly === true) child.stdout.destroy();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (!interrupted && options.interruptAt?.test(stderr) === true) {
        interrupted = true;
        child.kill('SIGINT');
      }
    });
    child.stdin.on('error', () => {}); // it may end without reading its input
    if (options.interruptAt !== undefined) child.stdin.write(options.input ?? '');
    else child.stdin.end(options.input ?? '');
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  }
}
