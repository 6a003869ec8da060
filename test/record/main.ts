/** `npm run record [SCENE…]`: records the project's example captures anew. Needs root. */
import { fileURLToPath } from 'node:url';
import { recordings } from './recordings.ts';

const output = fileURLToPath(new URL('../../test/captures/', import.meta.url));
const program = fileURLToPath(new URL('./actors/main.js', import.meta.url));
const wanted = process.argv.slice(2);
if (process.getuid?.() !== 0) {
  process.stderr.write('record: needs root (network namespaces, tcpdump)\n');
  process.exit(1);
}
const unknown = wanted.filter((name) => !(name in recordings));
if (unknown.length > 0) {
  const known = Object.keys(recordings).join(', ');
  process.stderr.write(`record: no recording ${unknown.join(', ')}; there are ${known}\n`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
for (const [name, make] of Object.entries(recordings)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const line of await make(output, program)) process.stdout.write(`${line}\n`);
}
