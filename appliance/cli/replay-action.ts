/** What `sallyport replay` does once its command line is read. */
import { hostname } from 'node:os';
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { asksToKeep } from '../archive/files/asks-to-keep.ts';
import { contentSinks } from '../extract/content-sinks.ts';
import { ExtractFolder } from '../extract/extract-folder.ts';
import { ReplayRun } from '../modes/replay.ts';
import { lineFormat } from '../outputs/format-lines.ts';
import { ReplayReport } from '../report/replay-report.ts';
import { nameArchive } from './archive/name-archive.ts';
import { checkCaptures, exampleCaptures, missingCaptures } from './capture-arguments.ts';
import { openCaptureOut } from './capture-out.ts';
import { openEventsFile } from './events-file.ts';
import { clearExampleArchive } from './example-archive.ts';
import { Interruption } from './interruption.ts';
import type { LineWriter } from './line-writer.ts';
import { loadPolicy } from './load-policy.ts';
import { loadCatalogue } from './load-services.ts';
import { packageVersion } from './package-root.ts';
import { ProgressBar } from './progress-bar.ts';
import { inRecordingOrder } from './recording-order.ts';
import { ReplayArchive } from './replay-archive.ts';
import { EXAMPLE_ARCHIVE, EXAMPLE_EVENTS, type ReplayCommandOptions } from './replay-options.ts';
import { serviceSettings } from './service-options.ts';
import { complain, type Terminal } from './terminal.ts';
import { Exit, UserError } from './user-error.ts';

/** All files together: as many times the largest one. */
const EXTRACT_TOTAL = 16;
/** Captures named in the ledger of an archive. */
const MOST_NAMED = 20;

/** Resolves with the exit code. Throws UserError. */
export async function runReplay(
  files: readonly string[],
  options: ReplayCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { example = false, inline = false } = options;
  if (inline !== (options.write !== undefined)) {
    throw new UserError(
      inline ? '--inline: nothing says where to write' : '--write: only with --inline',
      'Say both: --inline --write OUT.pcap.',
    );
  }
  const rules = options.rules === false ? [] : (options.rules ?? []);
  if (example && files.length > 0) throw new UserError('name captures, or say --example: not both');
  if (!example && files.length === 0) throw missingCaptures(rules);
  const named = checkCaptures(example ? exampleCaptures() : files);
  const policy = loadPolicy(options.rules, options.directory, terminal);
  const catalogue = loadCatalogue(serviceSettings(options), terminal);
  const eventsPath = options.events ?? (example && !options.json ? EXAMPLE_EVENTS : undefined);
  const inputs = [...named, ...policy.files, ...catalogue.files];
  const eventsFile =
    eventsPath === undefined
      ? undefined
      : openEventsFile(eventsPath, { makeFolder: example, inputs });
  const ecsFile =
    options.ecs === undefined
      ? undefined
      : openEventsFile(options.ecs, { makeFolder: false, inputs });
  const archived = await openArchive(options, terminal);
  const written = options.write === undefined ? undefined : openCaptureOut(options.write, inputs);
  const extract =
    options.extract === undefined
      ? undefined
      : new ExtractFolder(options.extract, {
          file: options.extractLimit,
          total: EXTRACT_TOTAL * options.extractLimit,
        });
  const { paths: captures, remark } = await inRecordingOrder(named);
  if (remark !== undefined) complain(terminal, remark);

  const byPerson = options.by === 'person';
  if (byPerson && policy.namePeople === undefined) {
    throw new UserError(
      '--by person: no directory says who the people are',
      'Name the file of people and their accounts with --directory, or in the rules (directory:).',
    );
  }
  const report = options.json ? undefined : new ReplayReport(policy.shownText, { byPerson });
  const lines = [
    options.json ? terminal.out : undefined,
    eventsFile,
    ecsFile && ecsLines(ecsFile),
    archived,
  ];
  const consume = eventConsumer(report, lines);
  if (archived !== undefined) archived.content.wanted = asksToKeep(policy.judge);
  const replay = new ReplayRun({
    captures,
    judge: policy.judge,
    services: catalogue.services,
    checksums: options.checksums ?? false,
    followContent: options.content,
    contentSink: contentSinks([extract, archived?.content]),
    namePeople: policy.namePeople,
    maxFlows: options.maxFlows,
    write: written?.frame,
    onEvent: (event) => {
      archived?.content.hear(event);
      consume(event);
    },
  });
  const progress = startProgress(replay, options, terminal);
  const interruption = new Interruption();
  const started = performance.now();
  try {
    const faults = (await replay.run(interruption.signal)).map((fault) => fault.message);
    if (extract?.fault !== undefined) faults.push(extract.fault);
    const seconds = (performance.now() - started) / 1000;
    progress?.stop();
    eventsFile?.flush();
    ecsFile?.flush();
    written?.flush();
    if (written?.fault !== undefined) faults.push(written.fault);
    const inArchive = await archived?.finish(namesOf(captures), replay.counters.frames);
    if (inArchive?.fault !== undefined) faults.push(inArchive.fault);
    const interrupted = interruption.exitCode !== 0;
    if (report !== undefined) {
      const facts = {
        version: packageVersion(),
        captures: captures.map((path) => (path === '-' ? 'standard input' : path)),
        policy: policy.description,
        counters: replay.counters,
        faults,
        interrupted,
        seconds,
        peakMemory: process.resourceUsage().maxRSS * 1024,
        eventsFile: eventsPath,
        archive: inArchive && { ...inArchive, options: archiveOptions(options), example },
        inline: replay.inline && { file: options.write ?? '', ...replay.inline },
        extracted: extract && { folder: extract.folder, ...extract.counters },
      };
      const shape = { summary: options.summary ?? false, show: options.show };
      for (const line of report.render(facts, shape, terminal.layout)) terminal.out.line(line);
    }
    terminal.out.flush();
    for (const fault of faults) complain(terminal, fault);
    if (interrupted) return interruption.exitCode;
    return faults.length > 0 ? Exit.Failed : Exit.Ok;
  } finally {
    progress?.stop();
    interruption.dispose();
    extract?.close();
    written?.close();
    await archived?.close();
    ecsFile?.close();
    eventsFile?.close(); // also when the reader of standard output has gone
  }
}

/** undefined: nothing is archived. */
async function openArchive(
  options: ReplayCommandOptions,
  terminal: Terminal,
): Promise<ReplayArchive | undefined> {
  if (options.archive !== undefined || options.config !== undefined) {
    // Not that of the environment: what writes is told where.
    return ReplayArchive.open(nameArchive(options, terminal, null));
  }
  if (options.archiveHome !== undefined) {
    throw new UserError('--archive-home: there is no archive', 'Name it with --archive.');
  }
  if (options.example === undefined || options.json === true) return undefined;
  clearExampleArchive();
  return ReplayArchive.open(nameArchive({ archive: EXAMPLE_ARCHIVE }, terminal));
}

/** As `sallyport archive` takes them, to open what was written. */
function archiveOptions(options: ReplayCommandOptions): string[] {
  const { archive, archiveHome, config } = options;
  return [
    ...(archive === undefined && config !== undefined
      ? []
      : ['--archive', archive ?? EXAMPLE_ARCHIVE]),
    ...(archiveHome === undefined ? [] : ['--archive-home', archiveHome]),
    ...(config === undefined ? [] : ['--config', config]),
  ];
}

/** For the record: what was replayed. */
function namesOf(captures: readonly string[]): string {
  const names = captures.map((path) => (path === '-' ? 'standard input' : path));
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

type LineConsumer = Pick<LineWriter, 'line'>;

function ecsLines(file: LineWriter): LineConsumer {
  const observer = { hostname: hostname(), version: packageVersion() };
  const format = lineFormat({ format: 'ecs', content: true }, observer);
  return { line: (line) => file.line(format(line)) };
}

function eventConsumer(
  report: ReplayReport | undefined,
  writers: readonly (LineConsumer | undefined)[],
): (event: ImEvent) => void {
  const open = writers.filter((writer) => writer !== undefined);
  return (event) => {
    report?.add(event);
    if (open.length === 0) return;
    const line = encodeEvent(event);
    for (const writer of open) writer.line(line);
  };
}

function startProgress(
  replay: ReplayRun,
  options: ReplayCommandOptions,
  { interactive, errors }: Terminal,
): ProgressBar | undefined {
  if (!(options.progress ?? interactive)) return undefined;
  const write = (text: string) => {
    errors.text(text);
    errors.flush();
  };
  return new ProgressBar(
    write,
    () => replay.progress,
    () => process.stderr.columns,
  );
}
