/** `sallyport replay FILE…` */
import { Command, Option } from 'commander';
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { ReplayRun } from '../modes/replay.ts';
import { ReplayReport } from '../report/replay-report.ts';
import { checkCaptures, exampleCaptures, missingCaptures } from './capture-arguments.ts';
import { openEventsFile } from './events-file.ts';
import { Interruption } from './interruption.ts';
import type { LineWriter } from './line-writer.ts';
import { loadPolicy } from './load-policy.ts';
import { wholeNumber } from './numbers.ts';
import { packageVersion } from './package-root.ts';
import { ProgressBar } from './progress-bar.ts';
import { complain, type Terminal } from './terminal.ts';
import { Exit, UserError } from './user-error.ts';

const EXAMPLE_EVENTS = 'out/events.jsonl';
const MOST_FLOWS = 1 << 24;

interface Options {
  /** False: --no-rules. */
  readonly rules?: readonly string[] | false;
  readonly directory?: string;
  readonly json?: true;
  readonly events?: string;
  readonly summary?: true;
  readonly show: number;
  readonly progress?: boolean;
  readonly checksums?: true;
  readonly content: boolean;
  readonly maxFlows?: number;
  readonly example?: true;
}

export function replayCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('replay')
    .summary('read captures, judge every IM event, report')
    .description(
      'Reads capture files (pcap and pcapng; gzip and zstd too), decodes the instant messaging in ' +
        'them, and reports who said what to whom, what was sent, and what the policy would do. ' +
        'Nothing is enforced. Without --rules, the policies that ship with Sallyport apply.',
    )
    .argument('[FILE...]', "capture files; '-' is standard input")
    .option('--rules <PATH...>', 'rule files, or directories of them, instead of the shipped ones')
    .option('--no-rules', 'no policy: everything passes')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV), for user conditions')
    .addOption(
      new Option('--json', 'events as JSONL on standard output, nothing else').conflicts([
        'summary',
        'show',
      ]),
    )
    .option('--events <FILE>', 'write the events as JSONL to FILE as well')
    .option('--summary', 'report only totals, verdicts and what was not readable')
    .option('--show <N>', 'entries shown of each list in the report', wholeNumber(1, 100_000), 20)
    .option('--progress', 'show progress even where standard error is no terminal')
    .option('--no-progress', 'show no progress')
    .option('--checksums', 'verify TCP and UDP checksums, and ignore packets that fail')
    .option('--no-content', 'do not follow the content of file transfers (no SHA-256)')
    .option('--max-flows <N>', 'connections tracked at a time', wholeNumber(1, MOST_FLOWS))
    .option(
      '--example',
      `replay the captures that ship with Sallyport; events go to ${EXAMPLE_EVENTS}`,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap
  $ sallyport replay captures/*.pcapng.gz --rules policy/ --directory people.csv
  $ sallyport replay day.pcap --json | jq -r 'select(.kind == "message") | .text'
  $ tcpdump -w - -i eth0 | sallyport replay - --summary --events today.jsonl

Exit codes: 0 done, 1 a capture is broken (what came before is reported), 2 wrong usage or
rules, 130 interrupted (what came before is reported).`,
    )
    .action(async (files: string[], options: Options) => exit(await run(files, options, terminal)));
}

async function run(files: string[], options: Options, terminal: Terminal): Promise<number> {
  const { example = false } = options;
  const rules = options.rules === false ? [] : (options.rules ?? []);
  if (example && files.length > 0) throw new UserError('name captures, or say --example: not both');
  if (!example && files.length === 0) throw missingCaptures(rules);
  const captures = checkCaptures(example ? exampleCaptures() : files);
  const policy = loadPolicy(options.rules, options.directory, terminal);
  const eventsPath = options.events ?? (example && !options.json ? EXAMPLE_EVENTS : undefined);
  const eventsFile =
    eventsPath === undefined ? undefined : openEventsFile(eventsPath, { makeFolder: example });

  const report = options.json ? undefined : new ReplayReport();
  const replay = new ReplayRun({
    captures,
    judge: policy.judge,
    checksums: options.checksums ?? false,
    followContent: options.content,
    maxFlows: options.maxFlows,
    onEvent: eventConsumer(report, [options.json ? terminal.out : undefined, eventsFile]),
  });
  const progress = startProgress(replay, options, terminal);
  const interruption = new Interruption();
  const started = performance.now();
  try {
    const faults = (await replay.run(interruption.signal)).map((fault) => fault.message);
    const seconds = (performance.now() - started) / 1000;
    progress?.stop();
    eventsFile?.close();
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
  }
}

function eventConsumer(
  report: ReplayReport | undefined,
  writers: readonly (LineWriter | undefined)[],
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
  options: Options,
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
    () => process.stderr.columns ?? 80,
  );
}
