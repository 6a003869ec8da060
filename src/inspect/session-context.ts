/** What a parser is told when it is made, written out only as far as it asks: most recognisers ask for a port. */
import type {
  ContentFollower,
  ExpectedConnection,
  FlowContext,
  SharedMemory,
} from '../../parsers/contract.ts';
import type { FlowTable } from '../flow/table.ts';
import { transportName } from './flow-ends.ts';

export interface ContextParts {
  readonly table: FlowTable;
  readonly slot: number;
  /** The table takes the server for the client. */
  readonly flipped: boolean;
  /** Write the addresses out now: the parser will ask. */
  readonly eager: boolean;
  readonly midstream: boolean;
  readonly expected: ExpectedConnection | undefined;
  readonly memory: () => SharedMemory;
  readonly follow: () => ContentFollower | undefined;
  readonly expectedByToken: (token: string) => ExpectedConnection | undefined;
}

export class SessionContext implements FlowContext {
  readonly transport: 'tcp' | 'udp';
  readonly clientPort: number;
  readonly serverPort: number;
  readonly midstream: boolean;
  readonly expected: ExpectedConnection | undefined;
  readonly #parts: ContextParts;
  #clientAddress: string | undefined = undefined;
  #serverAddress: string | undefined = undefined;
  #memory: SharedMemory | undefined = undefined;

  constructor(parts: ContextParts) {
    const { table, slot, flipped } = parts;
    this.#parts = parts;
    this.transport = transportName(table, slot);
    this.clientPort = flipped ? table.serverPort(slot) : table.clientPort(slot);
    this.serverPort = flipped ? table.clientPort(slot) : table.serverPort(slot);
    this.midstream = parts.midstream;
    this.expected = parts.expected;
    if (!parts.eager) return;
    this.#clientAddress = this.clientAddress;
    this.#serverAddress = this.serverAddress;
  }

  get clientAddress(): string {
    const { table, slot, flipped } = this.#parts;
    this.#clientAddress ??= flipped ? table.serverAddress(slot) : table.clientAddress(slot);
    return this.#clientAddress;
  }

  get serverAddress(): string {
    const { table, slot, flipped } = this.#parts;
    this.#serverAddress ??= flipped ? table.clientAddress(slot) : table.serverAddress(slot);
    return this.#serverAddress;
  }

  get memory(): SharedMemory {
    this.#memory ??= this.#parts.memory();
    return this.#memory;
  }

  follow(): ContentFollower | undefined {
    return this.#parts.follow();
  }

  expectedByToken(token: string): ExpectedConnection | undefined {
    return this.#parts.expectedByToken(token);
  }
}
