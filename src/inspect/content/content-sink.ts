/** Where the content of transfers is kept, if it is: the engine writes, whoever made the sink stores. */
import type { ImEvent } from '../../event/event.ts';

export interface ContentSink {
  /** A transfer begins; undefined where nothing more is kept. */
  open(): ContentWriter | undefined;
}

export interface ContentWriter {
  /** Octets are lent for the call. */
  write(octets: Uint8Array): void;
  /** All is there: `event` is its judged `file.complete`. The last call. */
  complete(event: ImEvent): void;
  /** It is not whole, or not wanted. The last call. */
  discard(): void;
}
