/** One file of an OFT connection, from its prompt to its last octet. */

import type { ContentFollower, Direction, TransferOffer } from '../../contract.ts';
import type { TransferRecord } from '../rendezvous/transfer-record.ts';
import type { OftAnomaly } from './anomalies.ts';
import { OftChecksum } from './oft-checksum.ts';
import type { OftHeader } from './oft-header.ts';

export class OftTransfer {
  /** Whose octets are the content. */
  readonly direction: Direction;
  readonly header: OftHeader;
  record: TransferRecord | undefined;
  offer: TransferOffer | undefined;
  /** Resume position, octets. */
  offset = 0;
  /** Octets that passed or were lost since. */
  received = 0;
  lost = 0;
  started = false;
  ended = false;
  /** Stream offset of the first content octet. */
  contentStart = 0;
  follower: ContentFollower | undefined = undefined;
  readonly checksum = new OftChecksum();
  /** What is different from what was offered. */
  odd: readonly OftAnomaly[] = [];

  constructor(direction: Direction, header: OftHeader) {
    this.direction = direction;
    this.header = header;
    this.record = undefined;
    this.offer = undefined;
  }

  get left(): number {
    return Math.max(0, this.header.size - this.offset - this.received);
  }

  /** Octets between the first content octet and where the last one stands or would stand. */
  get counted(): number {
    return this.offset + this.received;
  }

  write(octets: Uint8Array): void {
    this.received += octets.length;
    this.follower?.write(octets);
    if (this.offset === 0 && this.lost === 0) this.checksum.add(octets);
  }

  lose(octets: number): void {
    this.received += octets;
    this.lost += octets;
    this.follower?.discard();
    this.follower = undefined;
  }

  /** Whether the content is the one whose checksum was announced, as far as that can be told. */
  get checksumAgrees(): boolean {
    if (this.offset > 0 || this.lost > 0 || this.header.encoded) return true;
    return this.checksum.agrees(this.header.checksum);
  }
}
