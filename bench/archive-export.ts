/**
 * `npm run bench:archive-export [-- --events N --archive FILE.db --format F --json FILE]`: what exports cost: records a
 * second, octets, and the most memory that the process had, format by format; then what checking them costs.
 *
 * Each format runs in a process of its own, so that its memory is its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Signer } from '../appliance/archive/evidence/signer.ts';
import { ExportFolder } from '../appliance/archive/export/export-folder.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../appliance/archive/export/export-format.ts';
import { finishExport } from '../appliance/archive/export/finish-export.ts';
import { ExportRun } from '../appliance/archive/export/run-export.ts';
import { verifyExport } from '../appliance/archive/export/verify-export.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';
import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { eventLines } from './archive-events.ts';

const BATCH = 5000;
const SAMPLE_MILLISECONDS = 50;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    archive: { type: 'string' },
    /** Of the process for one format. */
    format: { type: 'string' },
    json: { type: 'string' },
  },
});

const only = EXPORT_FORMATS.find((format) => format === values.format);
if (only !== undefined && values.archive !== undefined) {
  process.stdout.write(`${JSON.stringify(await measure(values.archive, only))}\n`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-export-'));
  try {
    const path = values.archive ?? join(folder, 'archive.db');
    if (values.archive === undefined) await fill(path, Number(values.events));
    const figures = Object.fromEntries(
      EXPORT_FORMATS.map((format) => [format, inProcess(path, format)]),
    );
    const text = `${JSON.stringify(figures, undefined, 2)}\n`;
    process.stdout.write(text);
    if (values.json !== undefined) writeFileSync(values.json, text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inProcess(path: string, format: ExportFormat): unknown {
  const program = fileURLToPath(import.meta.url);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [program, '--archive', path, '--format', format],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function fill(path: string, events: number): Promise<void> {
  const archive = await openArchive(readTarget(path), { create: true });
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  for (const lines of eventLines(events, BATCH)) {
    await appender.append(lines.flatMap((line) => drafts.read(line) ?? []));
  }
  await Signer.open(archive);
  await archive.close();
}

async function measure(path: string, format: ExportFormat) {
  const out = mkdtempSync(join(tmpdir(), 'sallyport-bench-out-'));
  let memory = 0;
  const sampling = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, SAMPLE_MILLISECONDS);
  const archive = await openArchive(readTarget(path));
  try {
    const started = performance.now();
    const folder = ExportFolder.create(out);
    const selection = { sql: '1 = 1', values: [] };
    const request = { format, query: {}, selection, withFiles: false, byteOrderMark: false };
    const run = await ExportRun.begin(archive, folder, request);
    await run.write();
    const author = { who: 'bench', host: 'bench', program: 'bench', why: undefined };
    const { manifest } = await finishExport(archive, folder, run, request, author);
    folder.complete();
    const seconds = (performance.now() - started) / 1000;
    const cpu = process.cpuUsage();
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const before = performance.now();
    const { problem } = await verifyExport(out, undefined);
    if (problem !== undefined) throw new Error(problem);
    return {
      records: manifest.counts.records,
      seconds,
      recordsPerSecond: manifest.counts.records / seconds,
      recordsPerCpuSecond: manifest.counts.records / cpuSeconds,
      octets: manifest.files.octets,
      files: manifest.files.count,
      residentMegabytes: Math.round(memory / 1e6),
      verifySeconds: (performance.now() - before) / 1000,
    };
  } finally {
    clearInterval(sampling);
    await archive.close();
    rmSync(out, { recursive: true, force: true });
  }
}
