/**
 * What a packet socket holds of the kernel. A worker thread that dies takes neither its descriptors nor
 * its mappings with it, and a socket that is still mapped goes on taking its share of a fanout group: so a
 * worker tells its holdings to the main thread, which gives them back when the worker is no more.
 */
import { libc, unmap } from '../native/libc.ts';

export interface Holding {
  readonly fd: number;
  /** Of the mapped ring; 0 and 0 where there is none. */
  readonly address: number;
  readonly octets: number;
}

/** Only for holdings of a thread that has ended: nothing may use them any more. */
export function giveBack(holdings: readonly Holding[]): void {
  for (const { fd, address, octets } of holdings) {
    if (octets > 0) unmap(address, octets);
    libc().close(fd);
  }
}
