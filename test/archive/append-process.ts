/**
 * `append-process.js ARCHIVE NAME BATCHES [die]`: appends batches of ten events as account NAME, and says how
 * many are there after each. With `die`, it is killed within the last transaction.
 */
import { writeSync } from 'node:fs';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { readTarget } from '../../appliance/archive/target.ts';

const [path = '', name = '', batches = '0', end] = process.argv.slice(2);
const archive = await openArchive(readTarget(path), { create: true });
const appender = new Appender(archive);
const drafts = new EventDrafts();

for (let n = 0; n < Number(batches); n++) {
  await appender.append(batch(n), String(n));
  writeSync(1, `${n + 1}\n`);
}
if (end === 'die') {
  await archive.database.transaction(async (within) => {
    await appender.within(within, batch(Number(batches)));
    process.kill(process.pid, 'SIGKILL');
  });
}
await archive.close();

function batch(n: number) {
  return Array.from({ length: 10 }, (_, i) => i).flatMap(
    (i) =>
      drafts.draft({
        ...{ v: 1, id: `${name}-${n}-${i}`, ts: '2026-11-26T08:00:00.000000Z', kind: 'message' },
        ...{ service: 'xmpp', from: name, to: [`guest${(n + i) % 7}`], text: `${n} ${i}` },
      }) ?? [],
  );
}
