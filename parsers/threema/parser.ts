/**
 * Waits for the sizes of Threema's handshake to come as they must (handshake-sizes.ts), then says so: on the port of
 * its chat servers at the login, elsewhere when a message of the right length has come too. Keeps no octets but the
 * two of that length.
 */
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import { signature } from '../framing/signature-parser.ts';
import {
  CLIENT_HELLO,
  CLIENT_LOGIN,
  LENGTH,
  SEALED_LEAST,
  SERVER_ACK,
  SERVER_HELLO,
} from './handshake-sizes.ts';

const CHAT_PORT = 5222;
const FACTS = signature('threema', 'encrypted');
/** Messages of a direction before it is given up: they come one or two at a time. */
const MESSAGES = 16;

/** One direction. */
class Side {
  readonly hello: number;
  /** Octets so far. */
  sent = 0;
  /** Where the next message begins. */
  next: number;
  messages = 0;
  /** First octet of a length of which the second has not come. */
  low = 0;

  constructor(hello: number, login: number) {
    this.hello = hello;
    this.next = hello + login;
  }
}

export class ThreemaParser implements FlowParser {
  readonly #onChatPort: boolean;
  readonly #client = new Side(CLIENT_HELLO, CLIENT_LOGIN);
  readonly #server = new Side(SERVER_HELLO, SERVER_ACK);

  constructor({ serverPort }: FlowContext) {
    this.#onChatPort = serverPort === CHAT_PORT;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const client = this.#client;
    const side = direction === Direction.ToServer ? client : this.#server;
    const before = side.sent;
    side.sent = before + octets.length;
    if (!this.#isInTurn(side, before)) return Status.Lost;
    const isLoggedIn = client.sent >= CLIENT_HELLO + CLIENT_LOGIN;
    if (this.#onChatPort ? !isLoggedIn : !endsWithMessage(side, octets, before)) {
      return side.messages > MESSAGES ? Status.Lost : Status.More;
    }
    sink.identify(FACTS);
    return Status.Done;
  }

  gap(): Status {
    return Status.Lost;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return 0;
  }

  /** Each side waits for the other's hello, and the server for the login. */
  #isInTurn(side: Side, before: number): boolean {
    const client = this.#client;
    const server = this.#server;
    if (before < side.hello && side.sent > side.hello) return false;
    if (side === server) {
      const wants = before < SERVER_HELLO ? CLIENT_HELLO : CLIENT_HELLO + CLIENT_LOGIN;
      return client.sent >= wants;
    }
    return before < CLIENT_HELLO || server.sent >= SERVER_HELLO;
  }
}

/** Follows the messages behind the handshake; whether one ends where the octets end. */
function endsWithMessage(side: Side, octets: Uint8Array, before: number): boolean {
  while (side.sent > side.next && side.messages <= MESSAGES) {
    const at = side.next - before;
    if (at >= 0) side.low = octets[at] ?? 0;
    if (side.sent < side.next + LENGTH) return false;
    const length = side.low | ((octets[at + 1] ?? 0) << 8);
    side.messages = length < SEALED_LEAST ? MESSAGES + 1 : side.messages + 1;
    side.next += LENGTH + length;
  }
  return side.messages > 0 && side.messages <= MESSAGES && side.sent === side.next;
}
