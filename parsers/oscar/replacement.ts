import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement, Unit } from '../contract.ts';
import type { OscarFlow } from './oscar-flow.ts';
export function replacementOf(
  _f: OscarFlow,
  _e: ImEvent,
  _u: Unit,
  _n: string | undefined,
): Replacement | undefined {
  return undefined;
}
