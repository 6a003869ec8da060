/** The interface out of which a tap sends resets. */
import type { Holding } from '../../src/capture/afpacket/holding.ts';
import { requireInterface } from '../../src/capture/afpacket/interface-facts.ts';
import { LINKTYPE_ETHERNET, linkTypeOf } from '../../src/capture/afpacket/link-type-of.ts';
import { SendQueue } from '../../src/capture/afpacket/send-queue.ts';
import { CaptureError } from '../../src/capture/frame.ts';

export class ResetPort {
  readonly interfaceName: string;
  readonly #queue: SendQueue;

  /** `socket`: opened by who may, for a worker that has given its rights up. Throws CaptureError. */
  constructor(interfaceName: string, socket?: number) {
    this.interfaceName = interfaceName;
    const index = requireResetInterface(interfaceName);
    this.#queue = new SendQueue(interfaceName, index, socket);
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

/** The index of an interface that can send resets. Throws CaptureError. */
export function requireResetInterface(interfaceName: string): number {
  const facts = requireInterface(interfaceName);
  if (linkTypeOf(facts) === LINKTYPE_ETHERNET) return facts.index;
  throw new CaptureError(interfaceName, 0, 0, 'resets are Ethernet frames, and this one has none');
}
