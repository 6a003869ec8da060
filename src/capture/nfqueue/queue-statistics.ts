/** What the kernel counts of each queue (/proc/net/netfilter/nfnetlink_queue, nfqueue's seq_show). */
import { readFileSync } from 'node:fs';

export interface QueueStatistics {
  /** Packets that wait for a verdict now. */
  readonly waiting: number;
  /** Dropped because the queue was full. */
  readonly droppedFull: number;
  /** Dropped because the socket had no room. */
  readonly droppedUnread: number;
  /** Id of the last packet. */
  readonly lastId: number;
}

const FILE = '/proc/thread-self/net/netfilter/nfnetlink_queue';

/** Undefined where nobody reads that queue, or the kernel has no queues. */
export function queueStatistics(queue: number): QueueStatistics | undefined {
  try {
    return parseStatistics(readFileSync(FILE, 'latin1'), queue);
  } catch {
    return undefined;
  }
}

/** Columns: queue, port, waiting, copy mode, copy range, dropped full, dropped unread, last id, 1. */
export function parseStatistics(text: string, queue: number): QueueStatistics | undefined {
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/).map(Number);
    const [number, , waiting = 0, , , droppedFull = 0, droppedUnread = 0, lastId = 0] = columns;
    if (number === queue && columns.length >= 8) {
      return { waiting, droppedFull, droppedUnread, lastId };
    }
  }
  return undefined;
}
