/** The program of the thread that archives. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import { carryKey } from '../vault/carried-key.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { Word, type WriterOrder, type WriterReport, type WriterSetup } from './writer-messages.ts';

/** Nice 5: whoever carries packets goes first. */
const LOW = 5;
/** Milliseconds between two reports. */
const REPORT_EVERY = 500;

if (parentPort === null) throw new Error('writer-main runs in a worker thread');
const port = parentPort;
const setup = workerData as WriterSetup;
const words = new Int32Array(setup.memory);

if (process.platform === 'linux') {
  try {
    setPriority(0, LOW); // who 0 is this thread alone, on Linux (setpriority(2), NOTES)
  } catch {
    // Where this is forbidden it archives at the usual priority.
  }
}

function report(said: WriterReport): void {
  port.postMessage(said);
}

function count(word: number): void {
  Atomics.add(words, word, 1);
  Atomics.notify(words, word);
}

try {
  const writer = new ArchiveWriter({
    target: setup.target,
    settings: setup.settings,
    directory: setup.directory,
    through: setup.through,
    log: (level, message, facts) => report({ type: 'log', level, message, facts }),
    acknowledge: () => count(Word.Done),
    failed: ({ message, advice }) => {
      report({ type: 'failed', message, advice });
      count(Word.Failed);
      count(Word.Done); // whoever waits for room looks again
    },
  });
  await writer.start();
  listen(writer);
  report({ type: 'ready', status: writer.status, key: writer.key && carryKey(writer.key) });
} catch (error) {
  if (!(error instanceof UserError) && !(error instanceof ArchiveError)) throw error;
  const advice = error instanceof UserError ? error.hint : error.advice;
  report({ type: 'refused', message: error.message, advice });
}

function listen(writer: ArchiveWriter): void {
  const reporting = setInterval(() => {
    report({ type: 'status', status: writer.status });
  }, REPORT_EVERY);
  port.on('message', (order: WriterOrder) => {
    if (order.type === 'lines') writer.lines(order.octets);
    else if (order.type === 'ledger') writer.ledger(order.entry);
    else if (order.type === 'settings') writer.change(order.settings);
    else void stop(order.within);
  });

  async function stop(within: number): Promise<void> {
    await writer.stop(within);
    clearInterval(reporting);
    report({ type: 'stopped', status: writer.status });
    port.close();
  }
}
