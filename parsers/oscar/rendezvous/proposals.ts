/** Proposals of one connection, found again by their cookie. Bounded: the oldest is forgotten. */
import { Purpose } from './capability.ts';
import { PROPOSAL_HELD, PROPOSALS_LIMIT } from './rendezvous-limits.ts';
import type { TransferRecord } from './transfer-record.ts';

export interface Proposal {
  readonly record: TransferRecord;
  readonly purpose: Purpose;
  /** Made by the client of this connection. */
  readonly byClient: boolean;
  accepted: boolean;
}

export class Proposals {
  readonly #open = new Map<string, Proposal>();

  /** The oldest, where it had to go. */
  add(proposal: Proposal): Proposal | undefined {
    const { cookie } = proposal.record;
    this.#open.delete(cookie);
    this.#open.set(cookie, proposal);
    if (this.#open.size <= PROPOSALS_LIMIT) return undefined;
    for (const [oldestCookie, oldest] of this.#open) {
      this.#open.delete(oldestCookie);
      return oldest;
    }
    return undefined;
  }

  find(cookie: string): Proposal | undefined {
    return this.#open.get(cookie);
  }

  delete(cookie: string): void {
    this.#open.delete(cookie);
  }

  /** Octets. */
  held(): number {
    let octets = 0;
    for (const { record } of this.#open.values()) {
      const { sender = '', recipient = '', name = '', account = '' } = record.offer;
      octets += PROPOSAL_HELD + 2 * (sender.length + recipient.length + name.length);
      octets += 2 * account.length;
    }
    return octets;
  }
}

/** The party that proposed: who asks for files is not who sends them. */
export function proposerOf({ record, purpose }: Proposal): string | undefined {
  return purpose === Purpose.GetFile ? record.offer.recipient : record.offer.sender;
}
