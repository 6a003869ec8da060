/** Asks the gateway each second, listens to its events, and says what there is to show. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Exit, UserError } from '../cli/user-error.ts';
import type { FlowRow, GatewayStatus } from '../live/gateway.ts';
import { type AdminClient, NoAnswer } from './admin-client.ts';
import { Conversations } from './conversations.ts';
import { type Rates, ratesBetween } from './rates.ts';
import { type FlowOrder, nextOrder, type TopView } from './view.ts';

const MOST_FLOWS = 200;

export class TopSession {
  readonly #client: AdminClient;
  readonly #conversations = new Conversations();
  #status: GatewayStatus | undefined;
  #rates: Rates | undefined;
  #flows: readonly FlowRow[] = [];
  #order: FlowOrder = 'packets';
  /** What was shown when it was paused. */
  #frozen: TopView | undefined;
  #remark: string | undefined;
  #lost = 0;

  constructor(client: AdminClient) {
    this.#client = client;
  }

  /** Throws NoAnswer, UserError. */
  async refresh(): Promise<void> {
    const status = (await this.#client.get('/api/v1/status')) as GatewayStatus;
    if (!Array.isArray(status?.workers) || !Array.isArray(status.interfaces)) {
      throw new UserError('what answers there is no Sallyport gateway', undefined, Exit.Failed);
    }
    const answer = (await this.#client.get(`/api/v1/flows?most=${MOST_FLOWS}`)) as {
      readonly flows: readonly FlowRow[];
    };
    if (status.at !== this.#status?.at) this.#rates = ratesBetween(this.#status, status);
    this.#status = status;
    this.#flows = answer.flows;
    this.#remark = undefined;
  }

  /** Asks again; what goes wrong becomes a remark. Throws UserError. */
  async tryRefresh(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#remark = `no answer from the gateway: ${error.message}; what is shown is old`;
    }
  }

  /** Listens until `signal`; comes back when the gateway does. */
  async listen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#client.events(
          (event) => this.#conversations.hear(event),
          (count) => {
            this.#lost += count;
          },
        );
      } catch (error) {
        if (error instanceof UserError) return; // refresh says it
      }
      await sleep(1000, undefined, { signal }).catch(() => undefined);
    }
  }

  pause(): void {
    this.#frozen = this.#frozen === undefined ? this.view(true) : undefined;
  }

  sort(): void {
    this.#order = nextOrder(this.#order);
  }

  get paused(): boolean {
    return this.#frozen !== undefined;
  }

  /** Undefined until the gateway answered. */
  view(withConversations: boolean): TopView | undefined {
    if (this.#frozen !== undefined) return { ...this.#frozen, order: this.#order, paused: true };
    if (this.#status === undefined) return undefined;
    const lost =
      this.#lost > 0
        ? `${this.#lost} events came too fast to be shown (none is lost on disk)`
        : undefined;
    return {
      status: this.#status,
      rates: this.#rates,
      flows: this.#flows,
      conversations: withConversations ? this.#conversations.rows() : undefined,
      order: this.#order,
      paused: false,
      remark: this.#remark ?? lost,
    };
  }
}
