/**
 * How a running gateway goes over to new settings, all or none: first everybody makes ready what can fail (a
 * socket, a file, a policy in every worker) beside what runs; only when all have does anybody let go of the old.
 */
import type { GatewaySettings } from '../config/settings.ts';

/** Cares for some of the settings. */
export interface Changeable {
  /** Makes ready what `next` needs. Rejects with an Error for people; then nothing has changed. */
  prepare(next: GatewaySettings): Promise<Change>;
}

export interface Change {
  /** Everybody is ready: goes over. Does not fail. */
  commit(): void | Promise<void>;
  /** Somebody is not: what was made ready is undone. */
  discard(): void | Promise<void>;
}

export const NO_CHANGE: Change = { commit: () => undefined, discard: () => undefined };

/** Why the settings before stay in force; empty: the new ones are. */
export async function changeOver(
  parts: readonly Changeable[],
  next: GatewaySettings,
): Promise<string[]> {
  const ready: Change[] = [];
  for (const part of parts) {
    try {
      ready.push(await part.prepare(next));
    } catch (error) {
      const undone = await Promise.allSettled(ready.reverse().map((change) => change.discard()));
      const faults = [error, ...undone.flatMap((one) => ('reason' in one ? [one.reason] : []))];
      return faults.map((fault) => (fault instanceof Error ? fault.message : String(fault)));
    }
  }
  for (const change of ready) await change.commit();
  return [];
}

/** Of a part that can go over at any time. */
export function changedBy(apply: (next: GatewaySettings) => void | Promise<void>): Changeable {
  return {
    prepare: async (next) => ({ commit: () => apply(next), discard: () => undefined }),
  };
}
