/** How long a flow may be silent, by state; by packet time, so that a replay repeats it exactly. */
import { State } from './layout.ts';

const SECOND = 1e6; // microseconds

/** Microseconds, indexed by State. */
export const TIMEOUTS: Float64Array = new Float64Array(6);
/** A SYN is retried for about a minute (tcp_syn_retries, RFC 9293 §3.8.3). */
TIMEOUTS[State.Opening] = 60 * SECOND;
/** RFC 5382 §5: no less than 2 hours 4 minutes, so that keep-alives of two hours hold a flow. */
TIMEOUTS[State.Established] = 7440 * SECOND;
/** RFC 5382 §5: half-closed flows, four minutes. */
TIMEOUTS[State.Closing] = 240 * SECOND;
/** Long enough for stragglers, which would else look like a new flow picked up in the middle. */
TIMEOUTS[State.Finished] = 15 * SECOND;
TIMEOUTS[State.Reset] = 15 * SECOND;
/** RFC 4787 §4.3: five minutes recommended. */
TIMEOUTS[State.Datagrams] = 300 * SECOND;
