/** The records of one DNS message, one after the other, and which of them is somebody's presence. */
import { u16be } from '../../src/bytes/read.ts';
import { DnsName, DnsRecord, endOfName, HEADER } from '../framing/dns-message.ts';
import { MdnsAnomaly } from './anomalies.ts';
import { isPresence } from './presence-record.ts';

const TXT = 16;
/** Records read of one datagram: 64 KiB hold six thousand of the shortest, a real one some dozen. */
const RECORDS_LIMIT = 512;
const NOTHING = new Uint8Array(0);

export class Records {
  readonly record = new DnsRecord();
  /** Of the record under the hand, where it is a presence. */
  readonly name = new DnsName();
  /** Why reading stopped early. */
  fault: string | undefined = undefined;
  #octets: Uint8Array = NOTHING;
  #at = 0;
  #left = 0;
  #read = 0;

  begin(octets: Uint8Array): void {
    this.#octets = octets;
    this.fault = undefined;
    this.#read = 0;
    this.#left = u16be(octets, 6) + u16be(octets, 8) + u16be(octets, 10);
    let at = HEADER;
    // Each question takes five octets at least: the datagram bounds them.
    for (let n = u16be(octets, 4); n > 0 && at !== -1; n--) {
      const end = endOfName(octets, at);
      at = end === -1 || end + 4 > octets.length ? -1 : end + 4;
    }
    this.#at = at;
  }

  /** False where there is no further one. */
  next(): boolean {
    if (this.#left === 0 && this.#at !== -1) return false;
    if (this.#read === RECORDS_LIMIT) this.fault = MdnsAnomaly.TooManyRecords;
    else if (this.#at === -1 || !this.record.read(this.#octets, this.#at))
      this.fault = MdnsAnomaly.Malformed;
    if (this.fault !== undefined) return false;
    this.#at = this.record.next;
    this.#left -= 1;
    this.#read += 1;
    return true;
  }

  get isPresence(): boolean {
    const { record, name } = this;
    if (record.type !== TXT || !name.read(this.#octets, record.name)) return false;
    return isPresence(this.#octets, name);
  }

  /** Lets go of the lent octets. */
  clear(): void {
    this.#octets = NOTHING;
  }
}

const records = new Records();

/** Whether somebody's presence is among the records. */
export function findsPresence(octets: Uint8Array): boolean {
  records.begin(octets);
  let found = false;
  while (!found && records.next()) found = records.isPresence;
  records.clear();
  return found;
}
