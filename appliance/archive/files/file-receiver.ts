/** Who takes the octets of transfers off the wire's hands: a folder, or a ring to another thread. Nothing waits. */
import type { BegunTransfer } from './asked-transfers.ts';

export interface FileReceiver {
  open(): FileWriter;
  /** It was to be kept, began, and never was whole. */
  unfinished(transfer: BegunTransfer): void;
}

export interface FileWriter {
  /** Octets are lent for the call. */
  write(octets: Uint8Array): void;
  /** All is there, and is to be kept. The last call. */
  keep(file: WholeFile): void;
  /** It is not whole, or not wanted. The last call. */
  discard(): void;
}

/** What the `file.complete` says. */
export interface WholeFile {
  readonly id: string;
  /** Microseconds since 1970. */
  readonly time: number;
  /** undefined: it was not followed from its first octet on. */
  readonly sha256: string | undefined;
  readonly mime: string | undefined;
  /** Octets that were there already when the transfer was resumed. */
  readonly offset: number;
}
