/**
 * A process that archives as fast as it can, until it is killed: `ingest.fixture.js ARCHIVE RUN`. After each
 * message that is acknowledged it writes the number of its last event. With RUN `drain` it only drains.
 */
import { writeSync } from 'node:fs';
import { readTarget } from '../../appliance/archive/target.ts';
import { ArchiveWriter } from '../../appliance/archive/writer/archive-writer.ts';
import { DEFAULT_ARCHIVE } from '../../appliance/config/default-settings.ts';

const [where = '', run = ''] = process.argv.slice(2);
/** Events of a message: of several hundred octets each. */
const EVENTS = 10;
/** Of one transaction: few, so that one is begun while the one before it is committed. */
const ENTRIES = 40;
/** Events of a run: the spool is to fill, and not without end. */
const MOST = 2000;

let acknowledged = 0;
const writer = new ArchiveWriter({
  target: readTarget(where),
  settings: {
    ...DEFAULT_ARCHIVE,
    store: where,
    spool: { size: 2 ** 26, sync: 'never' },
    checkpoints: { every: 60_000, records: 500 },
  },
  through: 'spool',
  most: ENTRIES,
  log: (level, message, facts) => writeSync(2, `${level} ${message} ${JSON.stringify(facts)}\n`),
  acknowledge: () => {
    acknowledged += 1;
  },
  failed: () => undefined,
});
await writer.start();
if (run === 'drain') {
  await writer.stop(20_000);
  process.exit(writer.status.spoolOctets === 0 ? 0 : 1);
}
writeSync(1, 'ready\n');
for (let n = 0; ; ) {
  if (n < MOST) {
    writer.lines(Buffer.from(Array.from({ length: EVENTS }, () => lineOf(n++)).join('')));
    if (acknowledged * EVENTS === n) writeSync(1, `${n - 1}\n`);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

function lineOf(n: number): string {
  const ts = new Date(Date.UTC(2026, 10, 26) + n * 10).toISOString();
  const words = `message ${n} of run ${run}: ${'what was said, word by word. '.repeat(n % 9)}`;
  const [from, to] = n % 2 === 0 ? ['alice', 'bob'] : ['bob', 'alice'];
  return `${JSON.stringify({
    v: 1,
    id: `${run}-${n}`,
    ts,
    kind: 'message',
    service: 'xmpp',
    protocol: 'xmpp',
    visibility: 'content',
    origin: 'client',
    account: from,
    from,
    to: [to],
    text: words,
  })}\n`;
}
