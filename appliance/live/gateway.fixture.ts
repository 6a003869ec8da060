/** A gateway that runs nowhere: its numbers are set by the test, its events are sent by it. */
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { NOTHING_TAKEN } from '../archive/files/take-over-counters.ts';
import type { ArchiveStatus } from './archive-record.ts';
import type {
  FlowRow,
  Gateway,
  GatewayStatus,
  ReloadOutcome,
  ReloadReason,
  WorkerStatus,
} from './gateway.ts';

const START = Date.UTC(2026, 10, 26, 1, 0, 0);

const { counters } = new Engine({ onEvent: () => undefined });

export function outcome(ok: boolean, reason: ReloadReason = 'api'): ReloadOutcome {
  return {
    ok,
    reason,
    at: START + 5000,
    seconds: 0.25,
    hash: `sha256:${ok ? 'b' : 'a'}`,
    rules: 12,
    diagnostics: ok ? [] : ['policy/files.yaml:3:5: unknown action "dorp"'],
    changed: [],
    restartNeeded: [],
  };
}

export function worker(id: number, changes: Partial<WorkerStatus> = {}): WorkerStatus {
  return {
    id,
    alive: true,
    restarts: 0,
    engine: { ...counters, frames: 1000 * (id + 1), octets: 64_000, wireOctets: 64_000 },
    heldOctets: 4096,
    flows: {
      byState: { undecided: 2, letGo: 40, read: 3, opaque: 1 },
      byProtocol: { xmpp: 2, irc: 1 },
    },
    events: { 'message xmpp': 7, 'message irc': 2, 'flow.opaque ': 1 },
    verdicts: { 'no-files drop enforced': 2, 'no-files drop not': 1, ' pass enforced': 20 },
    bridge: undefined,
    eventsQueued: 0,
    eventsShed: 0,
    stageSeconds: { wait: 9.5, inspect: 0.4, send: 0, turn: 0.1 },
    resetsSent: 0,
    ...changes,
  };
}

export function status(changes: Partial<GatewayStatus> = {}): GatewayStatus {
  return {
    version: '0.1.0',
    mode: 'inline',
    startedAt: START,
    at: START + 10_000,
    ready: true,
    interfaces: ['veth0', 'veth1'].map((name) => ({
      name,
      up: true,
      backend: 'afpacket',
      received: 1500,
      dropped: 0,
      frozen: 0,
      downs: 0,
      sent: 1490,
      sendErrors: 0,
      ringFill: 0.01,
    })),
    workers: [worker(0), worker(1)],
    policy: {
      hash: 'sha256:a',
      rules: 12,
      services: 90,
      loadedAt: START,
      reloads: { ok: 0, failed: 0 },
      last: undefined,
    },
    eventsUnwritten: 0,
    outputs: [
      {
        file: '/var/log/sallyport/ecs.jsonl',
        format: 'ecs',
        written: 3990,
        lost: 10,
        queued: 512,
        rotations: 2,
      },
    ],
    wire: { carriedBy: 'engine', failovers: 0 },
    ...changes,
  };
}

export const ARCHIVE: ArchiveStatus = {
  where: '/var/lib/sallyport/archive.db',
  up: true,
  fault: undefined,
  archived: 4000,
  notArchived: 12,
  refused: 1,
  files: { ...NOTHING_TAKEN, kept: 5, octets: 50_000, tooLarge: 1 },
  lost: 7,
  spoolOctets: 8192,
  spoolSize: 2 ** 30,
  lag: 0.5,
  commits: 40,
  commitSeconds: 2.5,
  checkpoints: 3,
  unsignedFor: 12.5,
  purgeWaits: undefined,
  free: 40e9,
  sequence: 4010,
  restarts: 0,
  lostAt: START - 3_600_000,
};

export function event(kind: EventKind, fields: Partial<ImEvent> = {}): ImEvent {
  return Object.assign(new ImEvent(kind), { time: START * 1000, service: 'xmpp', ...fields });
}

export class FakeGateway implements Gateway {
  now: GatewayStatus = status();
  rows: FlowRow[] = [];
  reloads: ReloadReason[] = [];
  reloadOk = true;
  readonly listeners = new Set<(event: ImEvent) => void>();

  status(): GatewayStatus {
    return this.now;
  }

  async reload(reason: ReloadReason): Promise<ReloadOutcome> {
    this.reloads.push(reason);
    return outcome(this.reloadOk, reason);
  }

  async flows(most: number): Promise<readonly FlowRow[]> {
    return this.rows.slice(0, most);
  }

  listen(listener: (event: ImEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  say(event: ImEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
