/** Verdicts by rule, over all workers: what policy did. */
import type { GatewayStatus } from '../live/gateway.ts';

export interface VerdictRow {
  readonly rule: string;
  readonly action: string;
  readonly enforced: boolean;
  readonly count: number;
}

/** Those that did something first, then by count. */
export function verdictRows(status: GatewayStatus): VerdictRow[] {
  const counts = new Map<string, number>();
  for (const { verdicts } of status.workers) {
    for (const [key, count] of Object.entries(verdicts)) {
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  const rows = [...counts].map(([key, count]): VerdictRow => {
    const words = key.includes(' ') ? key.split(' ') : [key, '', 'not'];
    const enforced = words.pop() === 'enforced';
    const action = words.pop() ?? '';
    return { rule: words.join(' ') || '(default)', action, enforced, count };
  });
  const weight = (row: VerdictRow) => (row.action === 'pass' ? 0 : 1);
  return rows.sort((a, b) => weight(b) - weight(a) || b.count - a.count);
}
