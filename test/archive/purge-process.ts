/** `purge-process.js ARCHIVE purge|erase [TRANSACTION]`: is killed within its so-manieth transaction. */
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { eraseSubject } from '../../appliance/archive/retention/erase-subject.ts';
import { purgeArchive } from '../../appliance/archive/retention/purge-archive.ts';
import { RetentionRules } from '../../appliance/archive/retention/retention-rules.ts';
import { accountSubject } from '../../appliance/archive/retention/subjects.ts';
import { readTarget } from '../../appliance/archive/target.ts';

const [path = '', what = '', at] = process.argv.slice(2);
const archive = await openArchive(readTarget(path));
const { database } = archive;
let transactions = 0;
const transaction = database.transaction.bind(database);
database.transaction = (work) =>
  transaction(async (within) => {
    const result = await work(within);
    transactions += 1;
    // Everything of it was written, and nothing committed.
    if (String(transactions) === at) process.kill(process.pid, 'SIGKILL');
    return result;
  });

if (what === 'purge') {
  const rule = { service: undefined, group: undefined, tag: undefined, days: 365 };
  await purgeArchive(archive, { rules: new RetentionRules([rule], Date.now() * 1000) });
} else {
  await eraseSubject(archive, await accountSubject(database, 'irc:mallory'), 'request 7');
}
await archive.close();
