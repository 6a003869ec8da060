/**
 * Who is who on a direct connection: by the nonce that one of them announced inside a conversation, or by the
 * address at which somebody said that he waits.
 */
import { Direction, type FlowContext, type TransferOffer } from '../../contract.ts';
import { guidText, hashedNonce } from '../p2p/guid.ts';
import { type AnnouncedNonce, nonceKey } from '../p2p/transport.ts';

export class DirectParties {
  readonly #context: FlowContext;
  /** Whose octets go to the server of this flow, and to its client. */
  readonly #senders: [string | undefined, string | undefined] = [undefined, undefined];
  readonly #recipients: [readonly string[], readonly string[]] = [[], []];
  account: string | undefined = undefined;
  /** An announcement was found. */
  known = false;
  /** Direction of who connected, as the first packet shows; -1: not seen. */
  connector: Direction | -1 = -1;

  constructor(context: FlowContext) {
    this.#context = context;
    if (context.expected !== undefined) this.#announced(context.expected.offer);
  }

  sender(direction: Direction): string | undefined {
    return this.#senders[direction];
  }

  /** Whom the octets of a direction reach. */
  recipients(direction: Direction): readonly string[] {
    return this.#recipients[direction];
  }

  #set(direction: Direction, sender: string | undefined, recipient: string | undefined): void {
    this.#senders[direction] = sender;
    this.#senders[opposite(direction)] = recipient;
    this.#recipients[direction] = recipient === undefined ? [] : [recipient];
    this.#recipients[opposite(direction)] = sender === undefined ? [] : [sender];
  }

  /** True where somebody announced it. */
  nonce(direction: Direction, buffer: Uint8Array, at: number): boolean {
    const { memory } = this.#context;
    const plain = guidText(buffer, at);
    const hashed = hashedNonce(buffer, at);
    const byHash = memory.get(nonceKey(hashed)) as AnnouncedNonce | undefined;
    const byText = memory.get(nonceKey(plain)) as AnnouncedNonce | undefined;
    const announced = byHash ?? byText;
    // The announcement is for one connection.
    const waiting = this.#context.expectedByToken(byHash === undefined ? plain : hashed);
    if (announced === undefined) {
      if (waiting !== undefined && !this.known) this.#announced(waiting.offer);
      return waiting !== undefined;
    }
    this.known = true;
    this.account = announced.account;
    // Who hashed a nonce says it himself; a plain one is said by both, and who announced it last listens.
    const listener = this.#listening();
    const owner =
      byHash !== undefined
        ? direction
        : announced.listens === false
          ? opposite(listener)
          : listener;
    this.#set(owner, announced.owner, announced.other);
    return true;
  }

  /** Direction of the words of who listens. */
  #listening(): Direction {
    return this.connector === -1 ? Direction.ToClient : opposite(this.connector);
  }

  #announced({ account, sender, recipient, senderListens }: TransferOffer): void {
    this.known = true;
    this.account = account;
    const listener = senderListens === false ? recipient : sender;
    const connector = senderListens === false ? sender : recipient;
    this.#set(Direction.ToServer, connector, listener);
  }
}

function opposite(direction: Direction): Direction {
  return direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
}
