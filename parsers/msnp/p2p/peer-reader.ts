import type { ImEvent } from '../../../src/event/event.ts';
import type { PeerBodies, PeerHost, PeerPart } from '../conversation.ts';

/** Bodies of application/x-msnmsgrp2p of one conversation. */
export class PeerReader implements PeerBodies {
  readonly #host: PeerHost;

  constructor(host: PeerHost) {
    this.#host = host;
  }

  part(part: PeerPart): void {
    if (part.end <= part.start) this.#host.anomaly('p2p-malformed');
  }

  refusal(_event: ImEvent): readonly Uint8Array[] {
    return [];
  }

  gap(): void {}

  end(): void {}

  held(): number {
    return 0;
  }
}
