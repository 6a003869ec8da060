import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  Word,
  type WriterOrder,
  type WriterReport,
  type WriterSetup,
  type WriterStatus,
} from '../archive/writer/writer-messages.ts';
import { DEFAULT_ARCHIVE } from '../config/default-settings.ts';
import { SILENT_LOG } from '../log/log.ts';
import { ArchiveRecord, type WriterThread } from './archive-record.ts';
import { ARCHIVE } from './gateway.fixture.ts';

/** A thread that does what a test says. */
class FakeThread implements WriterThread {
  readonly orders: WriterOrder[] = [];
  readonly #words: Int32Array;
  readonly #heard: Record<string, ((value: never) => void)[]> = {};

  constructor({ memory }: WriterSetup) {
    this.#words = new Int32Array(memory);
  }

  postMessage(order: WriterOrder): void {
    this.orders.push(order);
    if (order.type !== 'stop') return;
    this.say({ type: 'stopped', status: status() });
    this.end();
  }

  on(event: string, heard: (value: never) => void): void {
    this.#heard[event] = [...(this.#heard[event] ?? []), heard];
  }

  async terminate(): Promise<void> {}

  say(report: WriterReport): void {
    for (const heard of this.#heard.message ?? []) heard(report as never);
  }

  end(): void {
    for (const heard of this.#heard.exit ?? []) heard(undefined as never);
  }

  acknowledge(): void {
    Atomics.add(this.#words, Word.Done, 1);
  }

  ledger(): unknown[] {
    return this.orders.flatMap((order) => (order.type === 'ledger' ? [order.entry] : []));
  }
}

function status(changes: Partial<WriterStatus> = {}): WriterStatus {
  const { restarts, ...rest } = ARCHIVE;
  return { ...rest, archived: 0, notArchived: 0, lost: 0, refused: restarts, ...changes };
}

let threads: FakeThread[];
function record(
  first: WriterReport = { type: 'ready', status: status(), key: undefined },
): ArchiveRecord {
  threads = [];
  return new ArchiveRecord({
    settings: { ...DEFAULT_ARCHIVE, store: '/nowhere/a.db' },
    log: SILENT_LOG,
    spawn: (setup) => {
      const thread = new FakeThread(setup);
      threads.push(thread);
      queueMicrotask(() => {
        thread.say(
          threads.length === 1 ? first : { type: 'ready', status: status(), key: undefined },
        );
        if (first.type === 'refused') thread.end();
      });
      return thread;
    },
  });
}

const LINES = Buffer.from('{"a":1}\n{"b":2}\n');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the archive of a gateway', () => {
  test('lines are copied and handed over, and what was said of them adds up', async () => {
    const archive = record();
    await archive.start();
    const lent = Buffer.from(LINES);
    await archive.write(lent);
    lent.fill(0xee);
    const [order] = threads[0]?.orders ?? [];
    expect(order?.type === 'lines' && Buffer.from(order.octets).equals(LINES)).toBe(true);
    threads[0]?.say({ type: 'status', status: status({ archived: 2 }) });
    expect(archive.status).toMatchObject({ archived: 2, lost: 0, up: true, restarts: 0 });
    await archive.close();
  });

  test('what it is told wrong ends the start', async () => {
    const archive = record({ type: 'refused', message: 'no archive', advice: 'make one' });
    await expect(archive.start()).rejects.toThrow('no archive');
    await archive.close();
  });

  test('what it does not take within a patience is lost, counted, and told when it takes again', async () => {
    const archive = record();
    await archive.start();
    const large = Buffer.alloc(2 ** 20, 'x');
    large[large.length - 1] = 0x0a;
    for (let n = 0; n < 16; n++) await archive.write(large);
    const late = archive.write(LINES);
    await vi.advanceTimersByTimeAsync(1500);
    await late;
    expect(archive.status.lost).toBe(2);
    await archive.write(LINES); // not waited for a second time
    expect(archive.status.lost).toBe(4);
    for (let n = 0; n < 10; n++) threads[0]?.acknowledge();
    await archive.write(LINES);
    expect(archive.status.lost).toBe(4);
    expect(threads[0]?.ledger()).toMatchObject([{ what: 'lost', counts: { events: 4 } }]);
    await archive.close();
  });

  test('a thread that dies is started again; what it had not acknowledged is counted', async () => {
    const archive = record();
    await archive.start();
    threads[0]?.say({ type: 'status', status: status({ archived: 5 }) });
    await archive.write(LINES);
    await archive.write(LINES);
    threads[0]?.acknowledge();
    threads[0]?.end();
    expect(archive.status).toMatchObject({ up: false, lost: 2, archived: 5 });
    await vi.advanceTimersByTimeAsync(1100);
    expect(threads).toHaveLength(2);
    expect(threads[1]?.ledger()).toMatchObject([
      { what: 'lost', counts: { events: 2 } },
      { what: 'restart', counts: { threads: 1 } },
    ]);
    threads[1]?.say({ type: 'status', status: status({ archived: 3 }) });
    expect(archive.status).toMatchObject({ up: true, archived: 8, lost: 2, restarts: 1 });
    await archive.close();
  });

  test('at the end it is told to drain, after everything that is owed', async () => {
    const archive = record();
    await archive.start();
    archive.ledger({ what: 'stop', from: 'x', to: 'x', counts: {} });
    await archive.close();
    expect(threads[0]?.orders.map(({ type }) => type)).toEqual(['ledger', 'stop']);
  });
});
