import type { ImEvent } from '../../../src/event/event.ts';
import type { PeerBodies, PeerHost, PeerPart } from '../conversation.ts';

/** Bodies of text/x-msmsgsinvite of one conversation: the second block of fields, after the MIME headers. */
export class FileInvitations implements PeerBodies {
  readonly #host: PeerHost;

  constructor(host: PeerHost) {
    this.#host = host;
  }

  part(part: PeerPart): void {
    if (part.end <= part.start) this.#host.anomaly('invitation-malformed');
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
