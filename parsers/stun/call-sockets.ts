/**
 * Sockets that spoke for a messenger's call. Two devices that call each other try the direct way with bare messages,
 * from the sockets that they used with the messenger's relay: what a socket said there tells its other flows.
 *
 * Only the sender of a mark is remembered, never who received it: nobody can mark somebody else's socket, unless by
 * forging the address. Bounded by the memory that all parsers share.
 */
import type { FlowContext } from '../contract.ts';
import { Direction } from '../contract.ts';

export class CallSockets {
  readonly #context: FlowContext;

  constructor(context: FlowContext) {
    this.#context = context;
  }

  /** Who sent this way is a socket of what `signature` names. */
  remember(direction: Direction, signature: string): void {
    this.#context.memory.set(this.#key(direction), signature);
  }

  /** The signature of either end, if one spoke before. */
  known(): string | undefined {
    return this.#of(Direction.ToServer) ?? this.#of(Direction.ToClient);
  }

  #of(direction: Direction): string | undefined {
    const known = this.#context.memory.get(this.#key(direction));
    return typeof known === 'string' ? known : undefined;
  }

  #key(sender: Direction): string {
    const { transport, clientAddress, clientPort, serverAddress, serverPort } = this.#context;
    return sender === Direction.ToServer
      ? `${transport} ${clientAddress} ${clientPort}`
      : `${transport} ${serverAddress} ${serverPort}`;
  }
}
