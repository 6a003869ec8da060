/**
 * For protocols that the probe has recognised for certain and of which nothing can be read: says so with the first
 * octets, and is done. Holds nothing.
 */
import { type FlowFacts, type FlowParser, type ParserSink, Status } from '../contract.ts';

export class SignatureParser implements FlowParser {
  readonly #facts: FlowFacts;

  constructor(facts: FlowFacts) {
    this.#facts = facts;
  }

  push(_direction: number, _octets: Uint8Array, sink: ParserSink): Status {
    sink.identify(this.#facts);
    return Status.Done;
  }

  gap(): Status {
    return Status.More;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return 0;
  }
}

/** What a signature's own octets show: the name that the catalogue has, and why nothing more is read. */
export function signature(name: string, reason: string, more: Partial<FlowFacts> = {}): FlowFacts {
  return { evidence: 'signature', signatures: [name], reason, ...more };
}
