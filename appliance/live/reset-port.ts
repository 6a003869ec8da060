/** The interface out of which a tap sends resets. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import { requireInterface } from '../../src/capture/afpacket/interface-facts.ts';
import { LINKTYPE_ETHERNET, linkTypeOf } from '../../src/capture/afpacket/link-type-of.ts';
import { SendQueue } from '../../src/capture/afpacket/send-queue.ts';
import { CaptureError } from '../../src/capture/frame.ts';

export class ResetPort {
  readonly #queue: SendQueue;

  /** Throws CaptureError. */
  constructor(interfaceName: string) {
    const facts = requireInterface(interfaceName);
    if (linkTypeOf(facts) !== LINKTYPE_ETHERNET) {
      throw new CaptureError(
        interfaceName,
        0,
        0,
        'resets are Ethernet frames, and this one has none',
      );
    }
    this.#queue = new SendQueue(interfaceName, facts.index);
  }

  /** At once: a reset races against what is said on. */
  readonly send = (buffer: Uint8Array, start: number, end: number): void => {
    this.#queue.pushCopy(buffer, start, end, -1);
    this.#queue.flush();
  };

  holding(): Holding {
    return this.#queue.socket.holding();
  }

  close(): void {
    this.#queue.close();
  }
}
