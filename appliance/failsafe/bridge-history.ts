/** What a wire has been through, as it stands in the alias of its bridge: outlasts every process but not the box. */
export interface WireHistory {
  /** Times the wire was taken from an engine that died, hung or gave it up. */
  readonly failovers: number;
  /** Milliseconds since 1970 of the last one; 0: never. */
  readonly last: number;
  /** `hung`, `died`, … */
  readonly reason: string;
}

export const NO_HISTORY: WireHistory = { failovers: 0, last: 0, reason: '' };

export function writeHistory({ failovers, last, reason }: WireHistory): string {
  const when = last === 0 ? 'never' : new Date(last).toISOString();
  return `sallyport failovers=${failovers} last=${when} reason=${reason}`;
}

/** Anything else that stands there is no history. */
export function readHistory(alias: string): WireHistory {
  const [, failovers, last, reason] =
    /^sallyport failovers=(\d{1,15}) last=(\S{1,30}) reason=(\S{0,40})$/.exec(alias) ?? [];
  if (failovers === undefined) return NO_HISTORY;
  return {
    failovers: Number(failovers),
    last: Date.parse(last ?? '') || 0,
    reason: reason ?? '',
  };
}
