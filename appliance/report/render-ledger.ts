/** Totals, verdicts, and what could not be read. */
import type { EngineCounters } from '../../src/pipeline/counters.ts';
import { counted, day, duration, grouped, size, span } from './amounts.ts';
import { cell, clip, displayWidth } from './columns.ts';
import { heading } from './layout.ts';
import type { LedgerLog } from './ledger-log.ts';
import type { Layout } from './page.ts';
import type { Tally } from './tally.ts';

const LABEL_CELLS = 12;
const SHOWN_VERDICTS = 20;
const SHOWN_REASONS = 8;

/** `enforced`: as a bridge would have done it. */
export function renderVerdicts(ledger: LedgerLog, layout: Layout, enforced = false): string[] {
  const rows = [
    ...tallyRows(ledger.verdicts, SHOWN_VERDICTS),
    ...tallyRows(ledger.alerts, SHOWN_VERDICTS),
    ...tallyRows(ledger.notices, SHOWN_VERDICTS),
    ...tallyRows(ledger.shadowVerdicts, SHOWN_VERDICTS),
    ...tallyRows(ledger.passes, SHOWN_VERDICTS),
  ];
  const note = enforced
    ? 'carried out as a bridge would: events by what was done'
    : 'replay stops nothing: events by what would be done';
  const lines = heading('VERDICTS', note, layout);
  if (rows.length === 0) return [...lines, '   no rule spoke: everything would pass'];
  for (const [name, count] of rows) {
    const painted = /^would (drop|reset)/.test(name)
      ? layout.paint.red
      : plainOrYellow(name, layout);
    lines.push(`   ${number(count)}  ${painted(clip(name, layout.width - 14))}`);
  }
  return lines;
}

function plainOrYellow(name: string, { paint }: Layout): (text: string) => string {
  return name.startsWith('passed') ? paint.green : paint.yellow;
}

export function renderUnreadable(
  ledger: LedgerLog,
  counters: EngineCounters,
  layout: Layout,
): string[] {
  const lines: string[] = [];
  const { octets, wireOctets } = counters;
  const { opaque, unknown, anomalies, gaps, gapOctets, midstreamFlows, openFlows } = ledger;
  if (wireOctets > octets) {
    const what = `${size(wireOctets - octets)} of ${size(wireOctets)} are not in the capture (snap length): capture with -s 0`;
    lines.push(labelled('cut packets', what, layout));
  }
  if (opaque.total > 0) lines.push(...reasons('opaque', opaque, 'connection', layout));
  const ignored = ignoredPackets(counters);
  if (ignored.length > 0) lines.push(...wrapped('ignored', ignored, layout));
  if (gaps > 0) {
    const causes = gapOctets.entries().map(([cause, octets]) => `${cause} ${size(octets)}`);
    lines.push(labelled('gaps', `${counted(gaps, 'gap')}: ${causes.join(', ')}`, layout));
  }
  if (midstreamFlows > 0) {
    const what = `${counted(midstreamFlows, 'connection')} whose opening was not seen`;
    lines.push(labelled('midstream', what, layout));
  }
  if (openFlows > 0) {
    const what = `${counted(openFlows, 'connection')} still open where the recording ended`;
    lines.push(labelled('open', what, layout));
  }
  if (unknown.total > 0) lines.push(...reasons('unknown', unknown, 'command', layout));
  if (anomalies.total > 0) lines.push(...reasons('oddities', anomalies, 'time', layout));
  if (lines.length === 0) lines.push('   everything recognised as IM was read');
  return [...heading('NOT READABLE', '', layout), ...lines];
}

/** Packets that nothing looked into: `bad checksum 140`. */
function ignoredPackets({ decoded, streams }: EngineCounters): string[] {
  const counts: [name: string, count: number | undefined][] = [
    ['unknown link type', decoded.unknownLinkType],
    ['malformed', decoded.malformed],
    ['nested too deep', decoded.tooDeep],
    ['bad checksum', streams.badChecksums],
  ];
  const words: string[] = [];
  for (const [name, count = 0] of counts) {
    if (count > 0) words.push(`${name} (${counted(count, 'packet')})`);
  }
  return words;
}

function reasons(label: string, tally: Tally, one: string, layout: Layout): string[] {
  const rows = tallyRows(tally, SHOWN_REASONS);
  return rows.map(([name, count], i) =>
    labelled(i === 0 ? label : '', `${name} (${counted(count, one)})`, layout),
  );
}

export function renderTotals(
  ledger: LedgerLog,
  counters: EngineCounters,
  layout: Layout,
): string[] {
  const { frames, octets, flows } = counters;
  const lines = heading('TOTALS', '', layout);
  lines.push(labelled('packets', `${grouped(frames)} packets, ${size(octets)}`, layout));
  if (ledger.firstTime !== undefined) {
    const { firstTime, lastTime } = ledger;
    const when = `${day(firstTime)} ${span(firstTime, lastTime)} UTC (${duration((lastTime - firstTime) / 1e6)})`;
    lines.push(labelled('events from', when, layout));
  }
  const im = ledger.flows.entries().map(([service, count]) => `${service} ${grouped(count)}`);
  const recognised = im.length === 0 ? 'none is IM' : `IM: ${im.join(', ')}`;
  lines.push(
    labelled('connections', `${grouped(flows.created ?? 0)} in all; ${recognised}`, layout),
  );
  const kinds = ledger.kinds.entries().map(([kind, count]) => `${kind} ${grouped(count)}`);
  lines.push(...wrapped('events', [`${grouped(ledger.events)} in all`, ...kinds], layout));
  return lines;
}

/** Counters of the engine that are not zero, for whoever looks for a fault. */
export function renderCounters(counters: EngineCounters, layout: Layout): string[] {
  const groups: [label: string, counts: Readonly<Record<string, unknown>>][] = [
    ['decoded', { ...counters.decoded, ...counters.decode }],
    ['flows', counters.flows],
    ['streams', counters.streams],
    ['expected', counters.expected],
    ['inspect', { ...counters.inspect }],
  ];
  const lines = heading('COUNTERS', 'those that are not zero', layout);
  for (const [label, counts] of groups) {
    const words = Object.entries(counts)
      .filter(([, count]) => typeof count === 'number' && count !== 0)
      .map(([name, count]) => `${spaced(name)} ${grouped(Number(count))}`);
    if (words.length > 0) lines.push(...wrapped(label, words, layout));
  }
  return lines;
}

function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function tallyRows(tally: Tally, most: number): [name: string, count: number][] {
  const entries = tally.entries();
  const shown = entries.slice(0, most);
  let rest = tally.others;
  for (const [, count] of entries.slice(most)) rest += count;
  return rest > 0 ? [...shown, ['others', rest]] : shown;
}

export function labelled(label: string, text: string, { width, paint }: Layout): string {
  return `   ${paint.dim(cell(label, LABEL_CELLS))} ${clip(text, width - LABEL_CELLS - 4)}`;
}

function wrapped(label: string, words: readonly string[], layout: Layout): string[] {
  const lines: string[] = [];
  const space = layout.width - LABEL_CELLS - 4;
  let line = '';
  const flush = () => {
    lines.push(labelled(lines.length === 0 ? label : '', line, layout));
    line = '';
  };
  for (const word of words) {
    const next = line === '' ? word : `${line}, ${word}`;
    if (displayWidth(next) > space - 1 && line !== '') {
      line += ',';
      flush();
      line = word;
    } else line = next;
  }
  flush();
  return lines;
}

function number(count: number): string {
  return grouped(count).padStart(8);
}
