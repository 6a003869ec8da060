/** How far a spool was taken, as it stands in the database: changed with what was taken, in one transaction. */
import type { SpoolPosition } from '../spool/spool-position.ts';

/** Events that policy did not want kept, of a stretch that has no ledger entry yet. */
export interface NotArchived {
  /** RFC 3339. */
  readonly from: string;
  readonly to: string;
  readonly events: number;
}

export interface TakenPosition extends SpoolPosition {
  readonly notArchived?: NotArchived | undefined;
}

/** Name in `meta`; `spool`: 32 hex digits. */
export function positionName(spool: string): string {
  return `spool.${spool}`;
}

export function writePosition({ generation, number, notArchived }: TakenPosition): string {
  return JSON.stringify({ generation, number, notArchived });
}

/** undefined: it is none. */
export function readPosition(text: string): TakenPosition | undefined {
  try {
    const { generation, number, notArchived } = Object(JSON.parse(text));
    if (!Number.isSafeInteger(generation) || !Number.isSafeInteger(number)) return undefined;
    return { generation, number, notArchived: readNotArchived(notArchived) };
  } catch {
    return undefined;
  }
}

function readNotArchived(value: unknown): NotArchived | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, to, events } = value as Readonly<Record<string, unknown>>;
  if (typeof from !== 'string' || typeof to !== 'string' || typeof events !== 'number') {
    return undefined;
  }
  return { from, to, events };
}
