/** One screen of `sallyport top`, as lines no wider and no more than it has room for. */
import { harmless } from '../../src/event/harmless.ts';
import type { GatewayStatus } from '../live/gateway.ts';
import { counted, duration, grouped, size } from '../report/amounts.ts';
import { clip, displayWidth } from '../report/columns.ts';
import type { Paint } from '../report/paint.ts';
import { bridgeLine } from './bridge-line.ts';
import { conversationTable } from './tables/conversation-table.ts';
import { flowTable } from './tables/flow-table.ts';
import { interfaceTable } from './tables/interface-table.ts';
import { verdictTable } from './tables/verdict-table.ts';
import { workerTable } from './tables/worker-table.ts';
import type { TopView } from './view.ts';

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
}

/** Lines of a table: its heading, then rows. */
export interface Table {
  readonly lines: readonly string[];
  /** Rows that it should get before others get more. */
  readonly least: number;
}

export function renderTop(view: TopView, screen: Screen): string[] {
  const head = [...header(view, screen), ...remarks(view, screen)];
  const tables = [
    interfaceTable(view, screen),
    workerTable(view, screen),
    verdictTable(view, screen),
    conversationTable(view, screen),
    flowTable(view, screen),
  ].filter((table) => table !== undefined);
  const foot = keys(view, screen);
  const room = screen.height - head.length - foot.length;
  return [...head, ...share(tables, room), ...foot].slice(0, screen.height);
}

/** Lines of a table, heading included, below which it says too little. */
const SHORTEST = 3;

/** Every table gets its least; what is left goes to the last ones, which are the longest. */
function share(tables: readonly Table[], room: number): string[] {
  const given = tables.map(({ lines, least }) => Math.min(lines.length, least + 1));
  let left = room - given.reduce((all, one) => all + one + 1, 0);
  while (left < 0) {
    const longest = given.indexOf(Math.max(...given));
    if ((given[longest] ?? 0) <= SHORTEST) break;
    given[longest] = (given[longest] ?? 0) - 1;
    left += 1;
  }
  for (const grow of [true, false]) {
    for (let i = tables.length - 1; i >= 0 && left > 0; i--) {
      const wants = (tables[i]?.lines.length ?? 0) - (given[i] ?? 0);
      const more = Math.min(wants, grow ? Math.ceil(left / 2) : left);
      given[i] = (given[i] ?? 0) + more;
      left -= more;
    }
  }
  const lines: string[] = [];
  for (const [i, table] of tables.entries()) {
    // Less room than the least of all: what stands first is shown.
    if (lines.length + 2 >= room && lines.length > 0) break;
    lines.push('', ...table.lines.slice(0, given[i]));
  }
  return lines.slice(0, Math.max(0, room));
}

function header({ status, rates }: TopView, { width, paint }: Screen): string[] {
  const { mode, version, policy } = status;
  const up = duration((status.at - status.startedAt) / 1000);
  const title = `sallyport ${version}  ${mode}  up ${up}  ${counted(policy.rules, 'rule')}`;
  const trouble = troubleOf(status);
  const badge = clip(trouble ?? 'ready', width - 12);
  const words = [
    `${rates === undefined ? '–' : grouped(rates.packets)} packets/s`,
    `${rates === undefined ? '–' : size(rates.bits).replace('B', 'bit')}/s`,
    `${rates === undefined ? '–' : grouped(rates.events)} events/s`,
  ].join('   ');
  const losses = lossesOf(status);
  const both = `${words}   ${losses}`;
  return [
    `${paint.bold(clip(title, width - displayWidth(badge) - 2))}  ${(trouble === undefined ? paint.green : paint.red)(badge)}`,
    ...(displayWidth(both) <= width ? [both] : [clip(words, width), clip(losses, width)]),
    ...bridge(status, width),
    ...archiveLines(status, width),
  ];
}

function bridge(status: GatewayStatus, width: number): string[] {
  const line = bridgeLine(status);
  return line === undefined ? [] : [clip(line, width)];
}

function archiveLines({ archive }: GatewayStatus, width: number): string[] {
  if (archive === undefined) return [];
  const { up, archived, spoolOctets, lag, fault } = archive;
  const waits = lag > 1 ? `, ${size(spoolOctets)} wait for ${duration(lag)}` : '';
  const away = up ? '' : `: AWAY (${harmless(fault ?? 'its thread is not running')})`;
  return [clip(`archive ${counted(archived, 'event')}${waits}${away}`, width)];
}

function troubleOf({ mode, ready, wire }: GatewayStatus): string | undefined {
  if (mode !== 'tap' && wire.carriedBy !== 'engine') return `wire carried by ${wire.carriedBy}`;
  return ready ? undefined : 'not ready';
}

/** What makes the record or the service incomplete, since the start. */
function lossesOf(status: GatewayStatus): string {
  const { interfaces, workers, wire, policy, eventsUnwritten, archive } = status;
  const total = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0);
  const dropped = total(interfaces.map((one) => one.dropped));
  const shed = total(workers.map((one) => one.eventsShed));
  const restarts = total(workers.map((one) => one.restarts));
  const losses = [
    ...(dropped > 0 ? [`kernel dropped ${grouped(dropped)}`] : []),
    ...(shed > 0 ? [`${counted(shed, 'event')} shed`] : []),
    ...(eventsUnwritten > 0 ? [`${counted(eventsUnwritten, 'event')} not written`] : []),
    ...(archive !== undefined && archive.lost > 0
      ? [`${counted(archive.lost, 'event')} not archived`]
      : []),
    ...(restarts > 0 ? [counted(restarts, 'worker restart')] : []),
    ...(wire.failovers > 0 ? [counted(wire.failovers, 'failover')] : []),
    ...(policy.last?.ok === false ? ['last reload failed'] : []),
  ];
  return losses.length === 0 ? 'nothing lost' : losses.join(', ');
}

function remarks({ remark }: TopView, { width, paint }: Screen): string[] {
  return remark === undefined ? [] : [paint.yellow(clip(remark, width))];
}

function keys({ paused, order, conversations }: TopView, { width, paint }: Screen): string[] {
  if (conversations === undefined) return [];
  const text = `q quit   p ${paused ? 'go on' : 'pause'}   s sort flows (now: ${order})`;
  const line = clip(text, width);
  return ['', paused ? paint.yellow(clip(`PAUSED   ${text}`, width)) : paint.dim(line)];
}
