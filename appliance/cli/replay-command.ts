/** `sallyport replay FILE…` */
import { Command, Option } from 'commander';
import { ARCHIVE_HELP, ARCHIVE_HOME_HELP } from './archive-help.ts';
import { octets, wholeNumber } from './numbers.ts';
import { EXAMPLE_ARCHIVE, EXAMPLE_EVENTS, type ReplayCommandOptions } from './replay-options.ts';
import type { Terminal } from './terminal.ts';

const MOST_FLOWS = 1 << 24;
const DEFAULT_EXTRACT_LIMIT = 1e9; // octets: a long video, not a disk

export function replayCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('replay')
    .summary('read captures, judge every IM event, report')
    .description(
      'Reads capture files (pcap and pcapng; gzip and zstd too), decodes the instant messaging in ' +
        'them, and reports who said what to whom, what was sent, and what the policy would do. ' +
        'Nothing is enforced, unless into another capture (--inline --write). Without --rules, the ' +
        'policies that ship with Sallyport apply.',
    )
    .argument('[FILE...]', "capture files; '-' is standard input")
    .option('--rules <PATH...>', 'rule files, or directories of them, instead of the shipped ones')
    .option('--no-rules', 'no policy: everything passes')
    .option(
      '--services <PATH...>',
      'service files, or directories of them, besides the shipped ones',
    )
    .option('--no-shipped-services', 'without the services that ship with Sallyport')
    .option('--no-services', 'no services: what cannot be read is not named')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV), for user conditions')
    .addOption(
      new Option('--json', 'events as JSONL on standard output, nothing else').conflicts([
        'summary',
        'show',
      ]),
    )
    .option('--events <FILE>', 'write the events as JSONL to FILE as well')
    .option('--ecs <FILE>', 'and in the Elastic Common Schema, for a SIEM (docs/siem.md)')
    .option('--archive <WHERE>', ARCHIVE_HELP)
    .option('--archive-home <DIR>', ARCHIVE_HOME_HELP)
    .option(
      '--config <FILE>',
      "sallyport.yaml: archive as its section 'archive:' says, encrypted too",
    )
    .option('--summary', 'report only totals, verdicts and what was not readable')
    .option('--show <N>', 'entries shown of each list in the report', wholeNumber(1, 100_000), 20)
    .option('--progress', 'show progress even where standard error is no terminal')
    .option('--no-progress', 'show no progress')
    .option('--checksums', 'verify TCP and UDP checksums, and ignore packets that fail')
    .option('--no-content', 'do not follow the content of file transfers (no SHA-256)')
    .option('--extract <DIR>', 'write every transferred file into DIR, and who sent it to whom')
    .option('--extract-limit <SIZE>', 'largest file extracted', octets, DEFAULT_EXTRACT_LIMIT)
    .addOption(
      new Option('--by <WHAT>', 'group the conversations by person (needs --directory)').choices([
        'person',
      ]),
    )
    .option('--inline', 'do what a bridge would: judge before forwarding, refuse, mask, reset')
    .option('--write <FILE>', 'with --inline: what would have been forwarded, as a capture (pcap)')
    .option('--max-flows <N>', 'connections tracked at a time', wholeNumber(1, MOST_FLOWS))
    .option(
      '--example',
      `replay the captures that ship with Sallyport into ${EXAMPLE_EVENTS} and ${EXAMPLE_ARCHIVE}`,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap
  $ sallyport replay captures/*.pcapng.gz --rules policy/ --directory people.csv
  $ sallyport replay day.pcap --json | jq -r 'select(.kind == "message") | .text'
  $ sallyport replay day.pcap --extract files/ && cat files/files.jsonl
  $ sallyport replay day.pcap --archive day.db && sallyport archive search hello --archive day.db
  $ sallyport replay day.pcap --config sallyport.yaml --summary
  $ sallyport replay day.pcap --directory people.csv --by person
  $ sallyport replay day.pcap --inline --write out.pcap --rules policy/
  $ tcpdump -w - -i eth0 | sallyport replay - --summary --events today.jsonl

Exit codes: 0 done, 1 a capture is broken (what came before is reported), 2 wrong usage or
rules, 130 interrupted (what came before is reported).`,
    )
    .action(async (files: string[], options: ReplayCommandOptions) => {
      const { runReplay } = await import('./replay-action.ts'); // the engine, only now
      exit(await runReplay(files, options, terminal));
    });
}
