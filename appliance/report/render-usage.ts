/** `how much WhatsApp, by whom`: a line a service, one an activity, and who used it most. */
import { counted, duration, size } from './amounts.ts';
import { cell, clip, columnWidth, rightCell } from './columns.ts';
import { heading, remark } from './layout.ts';
import type { Layout } from './page.ts';
import { octets, type ServiceUsage, type Usage, type UsageLog } from './usage-log.ts';

const MOST_USERS = 4;
const NUMBER_CELLS = { connections: 8, octets: 9, time: 13 };

export function renderUsage(log: UsageLog, most: number, layout: Layout): string[] {
  const { services } = log;
  if (services.length === 0) return [];
  const lines = heading('USAGE', 'connections, sent, received, time', layout);
  const shown = services.slice(0, most);
  const names = shown.flatMap(({ name, activities }) => [
    name,
    ...[...activities.keys()].map((activity) => `  ${activity}`),
  ]);
  const width = columnWidth(names, Math.floor(layout.width * 0.3));
  for (const service of shown) lines.push(...renderService(service, width, layout));
  const rest = services.length - shown.length;
  if (rest > 0) lines.push(remark(`… and ${counted(rest, 'more service')}`, layout));
  if (log.leftOut > 0) {
    const what = `${counted(log.leftOut, 'connection')} of services beyond those counted`;
    lines.push(remark(what, layout));
  }
  return lines;
}

function renderService(service: ServiceUsage, width: number, layout: Layout): string[] {
  const { paint } = layout;
  const lines = [`   ${paint.bold(cell(service.name, width))} ${amounts(service)}`];
  const activities = sorted(service.activities);
  const only = activities.length === 1 ? activities[0]?.[0] : undefined;
  if (only !== 'chat' && only !== 'other') {
    for (const [activity, usage] of activities) {
      lines.push(`   ${cell(`  ${activity}`, width)} ${paint.dim(amounts(usage))}`);
    }
  }
  const users = sorted(service.users);
  const words = users
    .slice(0, MOST_USERS)
    .map(([user, usage]) => `${user} ${size(octets(usage))} in ${duration(usage.seconds)}`);
  const others = users.length - words.length + service.leftOut;
  if (others > 0) words.push(`+${others}`);
  lines.push(`     ${paint.dim(clip(`by ${words.join(', ')}`, layout.width - 5))}`);
  return lines;
}

function amounts({ connections, sent, received, seconds }: Usage): string {
  const { connections: wide, octets: octetCells, time } = NUMBER_CELLS;
  return [
    rightCell(String(connections), wide),
    rightCell(size(sent), octetCells),
    rightCell(size(received), octetCells),
    rightCell(duration(seconds), time),
  ].join(' ');
}

/** Most octets first. */
function sorted(usages: ReadonlyMap<string, Usage>): [name: string, usage: Usage][] {
  return [...usages].sort((a, b) => octets(b[1]) - octets(a[1]) || (a[0] < b[0] ? -1 : 1));
}
