/** The program as it is shipped: built into a folder of its own, run as a process of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

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

  /** Below node_modules, so that the build finds its packages and package.json above it. */
  constructor() {
    const cache = join(ROOT, 'node_modules', '.cache');
    mkdirSync(cache, { recursive: true });
    this.#folder = mkdtempSync(join(cache, 'sallyport-cli-'));
    this.main = join(this.#folder, 'appliance', 'main.js');
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = { cwd: ROOT, stdio: 'pipe' } as const;
    try {
      execFileSync(
        process.execPath,
        [tsc, '-p', 'tsconfig.build.json', '--outDir', this.#folder],
        options,
      );
    } catch (error) {
      // Types are checked by `npm run check`; here it matters that there is a program to run.
      if (!existsSync(this.main)) throw error;
    }
  }

  /** Scratch files of a test file may live here too. */
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
