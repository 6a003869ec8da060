/** A worker thread that does what a test says. */

import type { WorkerOrder, WorkerReport, WorkerSetup, WorkerSnapshot } from './control.ts';
import { EventRingWriter } from './event-ring.ts';
import type { SpawnWorker, WorkerThread } from './worker-handle.ts';

export class FakeWorker implements WorkerThread {
  readonly setup: WorkerSetup;
  readonly orders: WorkerOrder[] = [];
  terminated = false;
  /** Why it takes no new policy. */
  policyFault: string | undefined;
  settingsFault: string | undefined;
  readonly #heard: Record<string, (value: unknown) => void> = {};

  constructor(setup: WorkerSetup) {
    this.setup = setup;
  }

  postMessage(order: WorkerOrder): void {
    this.orders.push(order);
    if (order.type === 'policy') {
      const { hash } = order.policy;
      const { policyFault } = this;
      const report = policyFault === undefined ? { hash } : { hash, fault: policyFault };
      queueMicrotask(() => this.say({ type: 'policy', report }));
    }
    if (order.type === 'settings') {
      const { request } = order;
      const fault = this.settingsFault;
      queueMicrotask(() => this.say({ type: 'settings', request, fault, holdings: [] }));
    }
    if (order.type === 'stop') {
      this.say({ type: 'stopped' });
      this.exit();
    }
  }

  on(event: string, heard: (value: never) => void): void {
    this.#heard[event] = heard as (value: unknown) => void;
  }

  async terminate(): Promise<void> {
    this.terminated = true;
    this.exit();
  }

  say(report: WorkerReport): void {
    this.#heard.message?.(report);
  }

  ready(): void {
    const opened = [{ name: 'eth7', backend: 'afpacket', remark: undefined }];
    this.say({ type: 'ready', opened, holdings: [] });
  }

  snapshot(snapshot: WorkerSnapshot): void {
    this.say({ type: 'snapshot', snapshot });
  }

  write(line: string): void {
    new EventRingWriter(this.setup.events, 0).push(line);
  }

  beat(): void {
    Atomics.add(new Int32Array(this.setup.beats), this.setup.id, 1);
  }

  die(error: Error): void {
    this.#heard.error?.(error);
    this.exit();
  }

  exit(): void {
    this.#heard.exit?.(undefined);
  }
}

/** Every thread that was made, in order; each is ready at once where `obliging`. */
export function fakeWorkers(obliging: boolean): { spawn: SpawnWorker; made: FakeWorker[] } {
  const made: FakeWorker[] = [];
  const spawn: SpawnWorker = (setup) => {
    const worker = new FakeWorker(setup);
    made.push(worker);
    if (obliging) queueMicrotask(() => worker.ready());
    return worker;
  };
  return { spawn, made };
}

export function snapshotOf(frames: number, received: number): WorkerSnapshot {
  return {
    status: {
      engine: {
        frames,
        octets: frames * 100,
        wireOctets: frames * 100,
        decoded: { tcp: frames },
        decode: {},
        flows: { created: 2, current: 2 },
        streams: {},
        expected: {},
        inspect: {
          letGo: 0,
          undecided: 0,
          identificationRefused: 0,
          sessionsRefused: 0,
          recognisersEnded: 0,
          recognisedEnded: 0,
          parserMemoryRefused: 0,
          tunnelsTooDeep: 0,
          identified: {},
          recognised: {},
          events: {},
          verdicts: {},
          anomalies: {},
        },
      },
      heldOctets: 10,
      flows: { byState: { read: 2 }, byProtocol: { irc: 2 } },
      events: { 'message irc': 3 },
      verdicts: { 'no-files drop not': 1 },
      bridge: undefined,
      eventsShed: 1,
      stageSeconds: { turn: 0.5 },
      resetsSent: 0,
    },
    interfaces: [
      {
        name: 'eth7',
        up: true,
        backend: 'afpacket',
        received,
        dropped: 1,
        frozen: 0,
        downs: 0,
        sent: 0,
        sendErrors: 0,
        ringFill: 0.25,
      },
    ],
  };
}
