/** After these, what was judged does not go on: of a flow nothing, of an offer not its connection. */
import type { Action } from '../event/event.ts';

export const REFUSALS: ReadonlySet<Action> = new Set(['drop', 'hold', 'strip', 'reset']);
