/**
 * The program of the thread that writes files of live traffic into `incoming/`: it waits for the disk, so that no
 * worker does. What it cannot keep up with the workers give up.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { IncomingFolder } from '../archive/files/incoming-folder.ts';
import { takeKey } from '../archive/vault/carried-key.ts';
import { ContentRingReader } from './content-ring.ts';
import type { FileKeeperOrder, FileKeeperReport, FileKeeperSetup } from './file-keeper.ts';
import { RingFilesTaker } from './ring-files.ts';

/** Nice 5: whoever carries packets goes first. */
const LOW = 5;
/** Milliseconds between two looks at empty rings. */
const PAUSE = 20;
/** Frames taken of one ring before the next. */
const FRAMES = 256;
const REPORT_EVERY = 1000; // milliseconds

if (parentPort === null) throw new Error('file-keeper-main runs in a worker thread');
const port = parentPort;
const { incoming, rings, limits, key: carried } = workerData as FileKeeperSetup;
const key = carried && takeKey(carried);
try {
  if (process.platform === 'linux') setPriority(0, LOW);
} catch {
  // Where this is forbidden it writes at the usual priority.
}

const readers = rings.map((ring) => new ContentRingReader(ring));
const folders = rings.map((_, id) => new IncomingFolder(incoming, limits, `worker-${id}`, key));
const takers = readers.map(
  (reader, id) => new RingFilesTaker(reader, folders[id] as IncomingFolder),
);
let stopping = false;
port.on('message', (order: FileKeeperOrder) => {
  if (order === 'stop') stopping = true;
  else for (const folder of folders) folder.limits = order;
});

function report(): void {
  const fault = folders.find((folder) => folder.fault !== undefined)?.fault;
  const lost = readers.reduce((sum, reader) => sum + reader.lost, 0);
  port.postMessage({ lost, fault } satisfies FileKeeperReport);
}

const reporting = setInterval(report, REPORT_EVERY);
for (;;) {
  const last = stopping; // asked before the look: what was written before it is taken
  let taken = false;
  for (const taker of takers) taken = taker.take(FRAMES) || taken;
  if (!taken && last) break;
  await new Promise((resolve) => setTimeout(resolve, taken ? 0 : PAUSE));
}
clearInterval(reporting);
report();
port.close();
