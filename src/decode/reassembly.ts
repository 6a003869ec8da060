/**
 * IPv4 and IPv6 reassembly (RFC 791 §3.2, RFC 8200 §4.5, RFC 5722): bounded in datagrams, octets and
 * time. In IPv4 the first copy of an octet wins; an IPv6 datagram with overlapping fragments is
 * dropped, but not for an exact duplicate. Cost follows the octets of the fragment at hand.
 */
import type { Limits } from '../limits.ts';
import type { DecodeCounters } from './counters.ts';
import { Added, Datagram } from './datagram.ts';
import { FragmentPages } from './fragment-pages.ts';
import { Decoded } from './packet-view.ts';
import type { Walk } from './walk.ts';

/** Octets after the IP header that a datagram may have. */
const LARGEST = 65535;
const SMALLEST_V4_HEADER = 20;

export class Reassembly {
  /** Of the datagram that was completed last. */
  nextHeader = 0;
  /** Which datagram the fragment last seen belongs to; empty: to none. */
  key = '';
  readonly #limits: Limits;
  readonly #counters: DecodeCounters;
  readonly #pages: FragmentPages;
  /** Oldest first: a Map keeps the order of insertion. */
  readonly #datagrams = new Map<string, Datagram>();
  /** The datagram that was completed last; the view points into it until the next packet. */
  #whole: Uint8Array | undefined;

  constructor(limits: Limits, counters: DecodeCounters) {
    this.#limits = limits;
    this.#counters = counters;
    this.#pages = new FragmentPages(limits.fragmentOctets);
  }

  /** Datagrams that wait for fragments. */
  get waiting(): number {
    return this.#datagrams.size;
  }

  /**
   * The fragment is what `walk` stands at. Decoded.OtherTransport: the datagram is complete and
   * `walk` stands at its first octet; anything else is what the frame came to.
   */
  addV4(walk: Walk, id: number, protocol: number, offset: number, more: boolean): Decoded {
    const counters = this.#counters;
    counters.fragments++;
    this.key = '';
    if (walk.missing > 0) return this.#truncated();
    let end = walk.end;
    const uneven = (end - walk.at) & 7;
    if (more && uneven !== 0) {
      // A host may cut it to a multiple of 8 (Linux does) or drop it: what it may read, we read.
      counters.fragmentsMalformed++;
      end -= uneven;
    }
    return this.#add(walk, 4, id, protocol, offset, end, more, LARGEST - SMALLEST_V4_HEADER);
  }

  /** The same for IPv6; `nextHeader` is the datagram's when it is complete. */
  addV6(walk: Walk, id: number, next: number, offset: number, more: boolean): Decoded {
    const counters = this.#counters;
    counters.fragments++;
    this.key = '';
    if (walk.missing > 0) return this.#truncated();
    if (more && ((walk.end - walk.at) & 7) !== 0) {
      counters.fragmentsMalformed++;
      return Decoded.Malformed; // RFC 8200 §4.5: dropped, with an error to the sender
    }
    return this.#add(walk, 6, id, next, offset, walk.end, more, LARGEST);
  }

  #add(
    walk: Walk,
    version: number,
    id: number,
    next: number,
    offset: number,
    end: number,
    more: boolean,
    largest: number,
  ): Decoded {
    const counters = this.#counters;
    if (end <= walk.at) {
      counters.fragmentsMalformed++;
      return Decoded.Malformed;
    }
    if (offset + (end - walk.at) > largest) {
      counters.fragmentsOversize++;
      return Decoded.Malformed;
    }
    // IPv6 has the protocol in the fragments, but not in the key (RFC 8200 §4.5).
    const datagram = this.#find(walk, version, id, version === 4 ? next : 0);
    if (datagram.refused) return Decoded.Malformed;
    const added = this.#store(datagram, walk, offset, end, more);
    if (added === Added.NoMemory) {
      counters.fragmentOctetsRefused++;
      this.#drop(datagram);
      return Decoded.Malformed;
    }
    if (added === Added.Conflict) counters.fragmentConflicts++;
    if (added === Added.Duplicate || added === Added.Overlap) counters.fragmentOverlaps++;
    if (version === 6 && (added === Added.Conflict || added === Added.Overlap)) {
      datagram.release(this.#pages);
      datagram.refused = true;
      return Decoded.Malformed;
    }
    if (offset === 0 && datagram.nextHeader < 0) datagram.nextHeader = next;
    if (!datagram.complete) return Decoded.FragmentHeld;
    this.#complete(datagram, walk);
    return Decoded.OtherTransport;
  }

  #truncated(): Decoded {
    this.#counters.fragmentsTruncated++;
    return Decoded.Truncated;
  }

  #complete(datagram: Datagram, walk: Walk): void {
    this.#counters.datagrams++;
    this.#whole ??= new Uint8Array(LARGEST + 1);
    datagram.assemble(this.#whole);
    this.nextHeader = datagram.nextHeader;
    walk.buffer = this.#whole;
    walk.at = 0;
    walk.end = datagram.total;
    walk.missing = 0;
    this.#drop(datagram);
  }

  /** Stores a fragment, giving up the oldest datagrams for memory. */
  #store(datagram: Datagram, walk: Walk, offset: number, end: number, more: boolean): Added {
    for (;;) {
      const added = datagram.add(this.#pages, walk.buffer, walk.at, end, offset, more);
      if (added !== Added.NoMemory) return added;
      const oldest = this.#oldest(datagram);
      if (oldest === undefined) return added;
      this.#counters.fragmentOctetsRefused++;
      this.#drop(oldest);
    }
  }

  #find(walk: Walk, version: number, id: number, protocol: number): Datagram {
    const now = walk.view.time[0] ?? 0;
    this.#expire(now);
    const key = keyOf(walk.view.addresses, version, id, protocol);
    // Inside tunnels addresses are used again by everybody: nobody may hold or refuse packets by them.
    if (walk.networks === 1) this.key = key;
    const known = this.#datagrams.get(key);
    if (known !== undefined) return known;
    if (this.#datagrams.size >= this.#limits.fragmentedDatagrams) {
      const oldest = this.#oldest(undefined);
      if (oldest !== undefined) {
        this.#counters.fragmentedDatagramsRefused++;
        this.#drop(oldest);
      }
    }
    const made = new Datagram(key, now);
    this.#datagrams.set(key, made);
    return made;
  }

  /** Time may also run backwards, from one capture file to the next. */
  #expire(now: number): void {
    const timeout = this.#limits.fragmentTimeout * 1e6;
    for (const datagram of this.#datagrams.values()) {
      if (Math.abs(now - datagram.since) <= timeout) return;
      if (!datagram.refused) this.#counters.fragmentTimeouts++;
      this.#drop(datagram);
    }
  }

  #oldest(except: Datagram | undefined): Datagram | undefined {
    for (const datagram of this.#datagrams.values()) if (datagram !== except) return datagram;
    return undefined;
  }

  #drop(datagram: Datagram): void {
    datagram.release(this.#pages);
    this.#datagrams.delete(datagram.key);
  }
}

/** Addresses, identification, protocol and version as a string of 16-bit units: V8 hashes it with a seed. */
function keyOf(a: Int32Array, version: number, id: number, protocol: number): string {
  let key = String.fromCharCode(version, protocol, id >>> 16, id & 0xffff);
  for (let i = 0; i < 8; i++) {
    const word = a[i] ?? 0;
    key += String.fromCharCode(word >>> 16, word & 0xffff);
  }
  return key;
}
