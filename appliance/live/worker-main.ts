/** The program of a worker thread. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ContentRingWriter } from './content-ring.ts';
import type { WorkerOrder, WorkerSetup } from './control.ts';
import { EventRingWriter } from './event-ring.ts';
import { openPlane } from './open-plane.ts';
import { RingFiles } from './ring-files.ts';
import { LiveWorker } from './worker.ts';

if (parentPort === null) throw new Error('worker-main runs in a worker thread');
const port = parentPort;
const setup = workerData as WorkerSetup;
const worker = new LiveWorker(
  setup,
  {
    report: (report) => port.postMessage(report),
    take: () => receiveMessageOnPort(port)?.message as WorkerOrder | undefined,
  },
  new EventRingWriter(setup.events, 0),
  setup.contents && new RingFiles(new ContentRingWriter(setup.contents)),
);
await worker.run(openPlane);
