/** Hands on the content of transfers that a rule asks to keep: it may ask at the offer, or when all has passed. */
import type { ImEvent } from '../../../src/event/event.ts';
import type { ContentSink, ContentWriter } from '../../../src/inspect/content/content-sink.ts';
import { AskedTransfers } from './asked-transfers.ts';
import type { FileReceiver } from './file-receiver.ts';

export class AskedContent implements ContentSink {
  /** False where no rule in force asks for any file: then nothing is copied. */
  wanted = true;
  readonly #receiver: FileReceiver;
  readonly #asked = new AskedTransfers();

  constructor(receiver: FileReceiver) {
    this.#receiver = receiver;
  }

  /** Each event, in their order, before the content that it completes. */
  hear(event: ImEvent): void {
    for (const transfer of this.#asked.hear(event)) this.#receiver.unfinished(transfer);
  }

  open(): ContentWriter | undefined {
    if (!this.wanted) return undefined;
    const writer = this.#receiver.open();
    return {
      write: (octets) => writer.write(octets),
      complete: (event) => {
        const { id, time, file } = event;
        if (!this.#asked.completes(event) || id === undefined) {
          writer.discard();
          return;
        }
        const { sha256, mime, offset = 0 } = file ?? {};
        writer.keep({ id, time, sha256, mime, offset });
      },
      discard: () => writer.discard(),
    };
  }
}
