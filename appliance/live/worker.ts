/**
 * One data-plane worker: carries packets through its plane, and between two packets does what the main
 * thread asks. It has no event loop to speak of: the plane blocks in poll, and `turn` looks for orders.
 */
import { FilterError } from '../../src/capture/afpacket/compile-filter.ts';
import { CaptureError } from '../../src/capture/frame.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { AskedContent } from '../archive/files/asked-content.ts';
import type { FileReceiver } from '../archive/files/file-receiver.ts';
import type { WorkerOrder, WorkerReport, WorkerSetup } from './control.ts';
import type { EventsWriter } from './event-ring.ts';
import type { FlowRow } from './gateway.ts';
import { pinThread } from './pin-thread.ts';
import type { OpenPlane, Plane } from './plane.ts';
import { PolicyReceiver } from './policy-receiver.ts';
import { compilePolicy, type WorkerPolicy } from './worker-policy.ts';
import { WorkerTally } from './worker-tally.ts';

/** Milliseconds between two snapshots of the counters. */
const SNAPSHOT_EVERY = 1000;
const FAULT_EVERY = 1000; // milliseconds
/** Milliseconds between two looks at the flow table, and slots looked at: 64 ms of walking in a second at most. */
const CENSUS_EVERY = 10;
const CENSUS_SLOTS = 4096;
/**
 * Milliseconds an event of a bridge may wait for room in its ring before it is lost: packets wait as
 * long in theirs. A tap does not wait: its ring would drop packets.
 */
const INLINE_PATIENCE = 5;
/** At the end nothing waits behind us: flows may say how they ended. */
const FINAL_PATIENCE = 2000;

/** The main thread, as a worker sees it. */
export interface WorkerPort {
  report(report: WorkerReport): void;
  /** The next order; undefined: there is none. Does not wait. */
  take(): WorkerOrder | undefined;
}

export class LiveWorker {
  readonly #setup: Omit<WorkerSetup, 'events'>;
  readonly #port: WorkerPort;
  readonly #beats: Int32Array;
  readonly #ring: EventsWriter;
  readonly #tally = new WorkerTally();
  /** Files that are to be kept; undefined: there is no archive. */
  readonly #contents: AskedContent | undefined;
  #snapshotAt = 0;
  #nextFault = 0;
  #censusAt = 0;
  /** Seconds in `turn`, in [0]. */
  readonly #inTurn = new Float64Array(1);

  constructor(
    setup: Omit<WorkerSetup, 'events'>,
    port: WorkerPort,
    events: EventsWriter,
    files: FileReceiver | undefined,
  ) {
    this.#setup = setup;
    this.#port = port;
    this.#beats = new Int32Array(setup.beats);
    this.#ring = events;
    this.#contents = files && new AskedContent(files);
    events.patience = setup.settings.mode === 'tap' ? 0 : INLINE_PATIENCE;
  }

  /** Resolves when it was told to stop and has; rejects when what it reads is lost. */
  async run(open: OpenPlane): Promise<void> {
    const { settings, id, fanoutGroups, span } = this.#setup;
    const policy = compilePolicy(this.#setup.policy);
    this.#keepFiles(policy);
    let plane: Plane;
    try {
      plane = await open({
        settings,
        worker: id,
        fanoutGroups,
        span,
        policy,
        onEvent: (event) => this.#event(event),
        contentSink: this.#contents,
        onFault: (error) => this.#fault(error),
      });
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      const isUsage = error instanceof FilterError;
      this.#port.report({ type: 'refused', message: error.message, isUsage });
      return;
    }
    // A thread that moves to another CPU between two packets sends the later one through another queue, where it
    // may overtake the earlier one.
    if (settings.pinWorkers || settings.mode === 'inline') pinThread(id);
    plane.arm?.();
    this.#port.report({ type: 'ready', opened: plane.opened, holdings: plane.holdings() });
    const policies = new PolicyReceiver(policy, {
      inForce: (next) => {
        this.#keepFiles(next);
        plane.setPolicy(next);
      },
      report: (report) => this.#port.report({ type: 'policy', report }),
    });
    try {
      await plane.run(() => this.#turn(plane, policies));
    } catch (error) {
      // The wire is lost: what was seen of its flows is all there will be. Else nothing here can be trusted.
      if (error instanceof CaptureError) plane.engine.finish();
      this.#sendSnapshot(plane);
      throw error;
    }
    plane.finish();
    this.#sendSnapshot(plane);
    this.#port.report({ type: 'stopped' });
  }

  #keepFiles({ keepsFiles }: WorkerPolicy): void {
    if (this.#contents !== undefined) this.#contents.wanted = keepsFiles;
  }

  #event(event: ImEvent): void {
    this.#contents?.hear(event);
    event.packet = undefined; // positions are of captures
    this.#tally.event(event);
    this.#ring.push(encodeEvent(event));
  }

  /** Whoever sends packets must not decide how much is logged. */
  #fault(error: unknown): void {
    const now = performance.now();
    if (now < this.#nextFault) return;
    this.#nextFault = now + FAULT_EVERY;
    const { message, stack } = error instanceof Error ? error : { message: String(error) };
    this.#port.report({ type: 'fault', message, stack });
  }

  /** True: come again at once. */
  #turn(plane: Plane, policies: PolicyReceiver): boolean {
    const began = performance.now();
    Atomics.add(this.#beats, this.#setup.id, 1);
    for (let order = this.#port.take(); order !== undefined; order = this.#port.take()) {
      this.#obey(order, plane, policies);
    }
    policies.step();
    if (began >= this.#censusAt) {
      this.#censusAt = began + CENSUS_EVERY;
      plane.engine.census.step(CENSUS_SLOTS);
    }
    if (began >= this.#snapshotAt) {
      this.#snapshotAt = began + SNAPSHOT_EVERY;
      this.#sendSnapshot(plane);
    }
    this.#inTurn[0] = (this.#inTurn[0] ?? 0) + (performance.now() - began) / 1000;
    return policies.busy;
  }

  #obey(order: WorkerOrder, plane: Plane, policies: PolicyReceiver): void {
    if (order.type === 'stop') {
      this.#ring.patience = FINAL_PATIENCE;
      plane.stop();
    } else if (order.type === 'flows') {
      const rows: FlowRow[] = plane.engine.census.busiest(order.most);
      this.#port.report({ type: 'flows', request: order.request, rows });
    } else if (order.type === 'settings') {
      const fault = faultOf(() => plane.setSettings(order));
      const holdings = plane.holdings();
      this.#port.report({ type: 'settings', request: order.request, fault, holdings });
    } else policies.take(order.policy);
  }

  #sendSnapshot(plane: Plane): void {
    const { engine } = plane;
    const status = {
      engine: engine.counters,
      heldOctets: engine.heldRoughly,
      flows: engine.census.figures,
      ...this.#tally.snapshot(),
      bridge: plane.bridgeCounters(),
      eventsShed: this.#ring.shed,
      stageSeconds: { ...plane.stageSeconds(), turn: this.#inTurn[0] ?? 0 },
      resetsSent: plane.resetsSent(),
    };
    this.#port.report({
      type: 'snapshot',
      snapshot: { status, interfaces: plane.interfaces() },
    });
  }
}

/** What it throws, in words. */
function faultOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
