/**
 * The program of a worker that is a process: the portable capture packages work only in a process' first
 * thread, and may take it with them.
 */
import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { IncomingFolder } from '../archive/files/incoming-folder.ts';
import { homePaths, readTarget } from '../archive/target.ts';
import { takeKey } from '../archive/vault/carried-key.ts';
import type { WorkerOrder, WorkerReport } from './control.ts';
import { EventPipeWriter } from './event-pipe.ts';
import { openPlane } from './open-plane.ts';
import { LiveWorker } from './worker.ts';
import {
  EVENTS_FD,
  type ProcessOrder,
  type ProcessReport,
  type ProcessSetup,
  STOP,
  shared,
} from './worker-process-protocol.ts';

/** Milliseconds the last events may take. */
const LAST_EVENTS = 4000;

const STOPPING: WorkerOrder = { type: 'stop' };

if (process.send === undefined) throw new Error('worker-process-main is started by the gateway');
process.on('disconnect', () => process.exit(1)); // the gateway is no more
// A terminal's Ctrl-C and a service manager's end reach every process; the gateway says when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// Nothing is read or written by it: it makes the descriptor one that does not block.
const pipe = new Socket({ fd: EVENTS_FD, readable: false, writable: true });
pipe.on('error', () => process.exit(1));
const events = new EventPipeWriter(EVENTS_FD);
const orders: WorkerOrder[] = [];
const octet = new Uint8Array(1);

/**
 * Under load a package never lets the event loop go on, and with it the orders: so the one to stop also
 * comes through the pipe, and is looked for there.
 */
function stopWanted(): boolean {
  try {
    return readSync(EVENTS_FD, octet) === 0 || octet[0] === STOP; // 0: the gateway is no more
  } catch {
    return false; // EAGAIN
  }
}

/** Nobody's packets wait for this process: it writes files itself. */
function filesOf({ id, settings, key }: ProcessSetup): IncomingFolder | undefined {
  const { store, home, files } = settings.archive;
  if (store === undefined) return undefined;
  const { incoming } = homePaths(readTarget(store, home));
  return new IncomingFolder(incoming, files, `worker-${id}`, key && takeKey(key));
}

function say(report: ProcessReport): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(report, undefined, undefined, () => resolve());
  });
}

async function live(
  { policy, key: _ofFiles, ...rest }: ProcessSetup,
  files: IncomingFolder | undefined,
): Promise<void> {
  const setup = {
    ...rest,
    beats: new SharedArrayBuffer(4 * (rest.id + 1)), // the gateway counts our reports
    span: undefined,
    policy: shared(policy),
  };
  const port = {
    report: (report: WorkerReport) => void say(report),
    take: () => {
      events.flush();
      return orders.shift() ?? (stopWanted() ? STOPPING : undefined);
    },
  };
  let code = 0;
  try {
    await new LiveWorker(setup, port, events, files).run(openPlane);
  } catch (error) {
    await say({ type: 'fault', message: error instanceof Error ? error.message : String(error) });
    code = 1;
  }
  events.patience = LAST_EVENTS;
  events.drain();
  process.exit(code);
}

process.once('message', (setup: ProcessSetup) => {
  const files = filesOf(setup);
  process.on('message', (order: ProcessOrder) => {
    if (order.type === 'settings' && files !== undefined) {
      files.limits = order.settings.archive.files;
    }
    orders.push(order.type === 'policy' ? { ...order, policy: shared(order.policy) } : order);
  });
  void live(setup, files);
});
