/**
 * A process with worker threads that drops its privileges and tells what every thread then may do:
 * `node dropping.fixture.js [ACCOUNT]`, one line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { libc } from '../../src/capture/native/libc.ts';
import { UserError } from '../cli/user-error.ts';
import { Capability } from './capability.ts';
import { dropPrivileges } from './drop-privileges.ts';
import { keepOnly, threadCapabilities } from './thread-capabilities.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;

if (isMainThread) await drop(process.argv[2]);
else work(workerData === 'give up');

async function drop(account: string | undefined): Promise<void> {
  const early = new Worker(new URL(import.meta.url), { workerData: 'keep' });
  const atFirst = await said(early);
  await readFile('/proc/self/status'); // libuv's own threads
  try {
    const dropped = dropPrivileges(account, {
      effective: [Capability.NetRaw],
      passedOn: [Capability.NetAdmin],
    });
    early.postMessage('again');
    const afterwards = await said(early);
    const late = new Worker(new URL(import.meta.url), { workerData: 'give up' });
    const report = {
      dropped,
      main: line('/proc/thread-self/status'),
      threads: readdirSync('/proc/self/task').map((task) => line(`/proc/self/task/${task}/status`)),
      child: execFileSync('cat', ['/proc/self/status'], { encoding: 'latin1' }),
      early: { atFirst, afterwards },
      late: await said(late),
      packetSocket: libc().socket(AF_PACKET, SOCK_RAW, 0) >= 0,
      shadow: readable('/etc/shadow'),
      backToRoot: becomesRoot(),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
  }
  process.exit();
}

function work(givesUp: boolean): void {
  const tell = () => {
    const before = String(threadCapabilities().effective);
    const opens = libc().socket(AF_PACKET, SOCK_RAW, 0) >= 0;
    if (givesUp) keepOnly({ effective: [] });
    const opensAfter = libc().socket(AF_PACKET, SOCK_RAW, 0) >= 0;
    parentPort?.postMessage({ before, opens, opensAfter });
  };
  tell();
  parentPort?.on('message', tell);
}

function said(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => worker.once('message', resolve));
}

function line(status: string): string {
  return readFileSync(status, 'latin1');
}

function readable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

function becomesRoot(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}
