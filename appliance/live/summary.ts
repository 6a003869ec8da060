/** What a run came to, said when it ends. */
import { counted, duration, grouped } from '../report/amounts.ts';
import { addCounts } from './add-counts.ts';
import type { GatewayStatus } from './gateway.ts';

export function summaryLines(status: GatewayStatus, events: EventTotals): string[] {
  const lines = status.interfaces.map(({ name, received, dropped, sent, sendErrors }) => {
    const parts = [counted(received, 'packet'), `${grouped(dropped)} dropped by the kernel`];
    if (status.mode === 'inline') {
      parts.push(`${grouped(sent)} sent`, `${grouped(sendErrors)} could not be sent`);
    }
    return `${name}: ${parts.join(', ')}`;
  });
  const resets = status.workers.reduce((sum, { resetsSent }) => sum + resetsSent, 0);
  if (resets > 0) lines.push(`resets: ${grouped(resets)} sent`);
  lines.push(`events: ${eventsLine(events)}`);
  const verdicts = status.workers.reduce<Record<string, number>>(
    (sum, worker) => addCounts(sum, worker.verdicts),
    {},
  );
  for (const [name, count] of Object.entries(verdicts).sort(([, a], [, b]) => b - a)) {
    lines.push(`verdict: ${name}: ${grouped(count)}`);
  }
  lines.push(`ran for ${duration((status.at - status.startedAt) / 1000)}`);
  return lines;
}

export interface EventTotals {
  readonly carried: number;
  /** Lost for want of room in a ring; not written for a fault of the disk. */
  readonly shed: number;
  readonly notWritten: number;
}

function eventsLine({ carried, shed, notWritten }: EventTotals): string {
  const parts = [`${grouped(carried)} in all`];
  if (shed > 0) parts.push(`${grouped(shed)} lost: written too slowly`);
  if (notWritten > 0) parts.push(`${grouped(notWritten)} could not be written`);
  return parts.join(', ');
}
