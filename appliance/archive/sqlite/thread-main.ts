/** The program of the thread in which SQLite works: nothing else takes its time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from './sqlite-file.ts';
import { faultOf } from './thread-fault.ts';
import type { SqliteOrder, SqliteReply, SqliteThreadSetup } from './thread-messages.ts';
import { ThreadService } from './thread-service.ts';

if (parentPort === null) throw new Error('thread-main runs in a worker thread');
const port = parentPort;
const { path, options } = workerData as SqliteThreadSetup;

function reply(said: SqliteReply, memory: readonly ArrayBuffer[] = []): void {
  port.postMessage(said, memory);
}

try {
  const service = new ThreadService(openSqlite(path, options), path);
  let turn = Promise.resolve();
  port.on('message', (order: SqliteOrder) => {
    turn = turn.then(() => answer(service, order));
  });
  reply({ type: 'done' });
} catch (error) {
  reply({ type: 'failed', fault: faultOf(error) });
}

async function answer(service: ThreadService, order: SqliteOrder): Promise<void> {
  try {
    const value = await service.do(order);
    if (order.type === 'packed') {
      const memory = [order.rows.memory];
      reply({ type: 'done', memory }, memory);
    } else reply({ type: 'done', value });
  } catch (error) {
    reply({ type: 'failed', fault: faultOf(error) });
  }
  if (order.type === 'close') port.close();
}
