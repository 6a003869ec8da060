/**
 * `npm run build && node dist/bench/bridge-archive.js [--rounds N] [--messages N]`: what an archive costs those who
 * talk through a bridge. Round trips of IRC messages through one that archives and one that does not, in turns.
 * Needs root.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../test/corpus/table.ts';
import { median } from './median.ts';
import { TwoBridges } from './two-bridges.ts';

/** Share and milliseconds by which round trips may be longer. */
const TARGET = { share: 1.1, added: 0.05 };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    messages: { type: 'string', default: '1000' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
const bridges = new TwoBridges('bench', fileURLToPath(new URL('..', import.meta.url)));
try {
  await bridges.start(['--archive', join(folder, 'archive.db')]);
  const { a, b, said } = await bridges.compare(Number(values.rounds), Number(values.messages));
  const [archiving, plain] = [median(a), median(b)];
  table(
    ['', 'plain', 'archiving'],
    [
      ['round trip of a message, median, ms', plain.toFixed(3), archiving.toFixed(3)],
      ['best turn, ms', Math.min(...b).toFixed(3), Math.min(...a).toFixed(3)],
      ['worst turn, ms', Math.max(...b).toFixed(3), Math.max(...a).toFixed(3)],
    ],
  );
  const reached = archiving <= plain * TARGET.share + TARGET.added;
  process.stdout.write(
    `\n${said} messages each; ${((archiving / plain - 1) * 100).toFixed(1)} % longer with an archive ` +
      `(target at most ${Math.round((TARGET.share - 1) * 100)} % and ${TARGET.added} ms): ${reached ? 'reached' : 'MISSED'}\n`,
  );
  process.exitCode = reached ? 0 : 1;
} finally {
  await bridges.remove();
  rmSync(folder, { recursive: true, force: true });
}
