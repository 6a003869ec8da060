/** What `sallyport top` shows: everything the renderer needs, and nothing it must ask for. */
import type { FlowRow, GatewayStatus } from '../live/gateway.ts';
import type { Conversation } from './conversations.ts';
import type { Rates } from './rates.ts';

export const FLOW_ORDERS = ['packets', 'octets', 'events', 'last'] as const;
export type FlowOrder = (typeof FLOW_ORDERS)[number];

export interface TopView {
  readonly status: GatewayStatus;
  readonly rates: Rates | undefined;
  readonly flows: readonly FlowRow[];
  /** Undefined: nobody listens to events (`--once`). */
  readonly conversations: readonly Conversation[] | undefined;
  readonly order: FlowOrder;
  readonly paused: boolean;
  /** Said on a line of its own: the gateway does not answer, events were lost. */
  readonly remark: string | undefined;
}

export function ordered(flows: readonly FlowRow[], order: FlowOrder): FlowRow[] {
  return [...flows].sort((a, b) => b[order] - a[order]);
}

export function nextOrder(order: FlowOrder): FlowOrder {
  return FLOW_ORDERS[(FLOW_ORDERS.indexOf(order) + 1) % FLOW_ORDERS.length] ?? 'packets';
}
