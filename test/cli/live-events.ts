/** Events of a live run and its log, for comparison with what `replay` says of the same packets. */

export type Json = Record<string, unknown>;

export function eventsOf(jsonl: string): Json[] {
  return jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
}

/** Of a file that is being written: its last line may be there in part. */
export function eventsSoFar(jsonl: string): Json[] {
  return eventsOf(jsonl.slice(0, jsonl.lastIndexOf('\n') + 1));
}

/** Without what belongs to the occasion: identifiers, times, rules on office hours, what the mode can do. */
function essence({ id: _i, ts: _t, packet: _p, capture: _c, ...rest }: Json): string {
  const { id: _f, ...flow } = rest.flow as Json;
  const { enforced: _e, why: _w, shadow: _s, ...verdict } = rest.verdict as Json;
  const { duration: _d, ...totals } = (rest.totals ?? {}) as Json;
  return JSON.stringify({ ...rest, flow, verdict, totals });
}

export const essences = (events: readonly Json[]) => events.map(essence).sort();

/** Ends of flows are said when the table lets them go, at the latest when the program ends. */
export const beforeTheEnd = (events: readonly Json[]) =>
  events.filter(({ kind }) => kind !== 'flow.end');

/** The figures of the line `t0: 170 packets, 0 dropped by the kernel`. */
export function countsOf(log: string, name: string): { received: number; dropped: number } {
  const parts = new RegExp(`${name}: ([\\d\\u00a0]+) packets?, ([\\d\\u00a0]+) dropped`).exec(log);
  const number = (text = 'none') => Number(text.replaceAll('\u00a0', ''));
  return { received: number(parts?.[1]), dropped: number(parts?.[2]) };
}
