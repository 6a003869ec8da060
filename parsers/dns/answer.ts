/**
 * What an answer says of the name that was asked for: the addresses that its chain of aliases leads to.
 *
 *   CNAME (5) alias → name        A (1), AAAA (28) address       HTTPS (65), SVCB (64) RFC 9460 §2.2:
 *   priority:u16 (0: an alias) target, then key:u16 length:u16 value: 4 ipv4hint, 6 ipv6hint, 5 ech
 *
 * Only records whose owner is in the chain count, so that nobody slips another's name in. Owners are compared by a hash
 * of each: equal names in one message are one name.
 */
import { u16be } from '../../src/bytes/read.ts';
import { DnsName, DnsRecord, endOfName } from '../framing/dns-message.ts';
import { ipv4Text, ipv6Text } from './address-text.ts';
import { DnsAnomaly } from './anomalies.ts';

const A = 1;
const CNAME = 5;
const AAAA = 28;
const SVCB = 64;
const HTTPS = 65;
const IPV4_HINT = 4;
const ECH = 5;
const IPV6_HINT = 6;
const CHAIN_LIMIT = 8; // aliases; resolvers follow about as many
/** Times that the aliases are gone through: they come in order, or nearly so. */
const PASSES = 4;
/** Records of an answer that are read; real ones have some dozen. */
const RECORDS_LIMIT = 64;
const ADDRESSES_LIMIT = 32;
const PARAMETERS_LIMIT = 32; // of one HTTPS record

export class DnsAnswer {
  readonly #name = new DnsName();
  readonly #record = new DnsRecord();
  /** Hashes of the names in the chain, and where each stands in the message. */
  readonly #hashes: number[] = [];
  readonly #places: number[] = [];
  addresses: string[] = [];
  /** Seconds: the least of the chain. */
  ttl = 0;
  echOffered = false;
  fault: string | undefined = undefined;

  /** Aliases that the chain went through, the last first. */
  aliases(octets: Uint8Array): string[] {
    const names: string[] = [];
    for (let i = this.#places.length - 1; i > 0; i--) {
      const name = this.#name.read(octets, this.#places[i] ?? 0) && this.#name.text(octets);
      if (typeof name === 'string') names.push(name);
    }
    return names;
  }

  /** Reads the answer section, which begins at `at`, for the name at `asked`. */
  read(octets: Uint8Array, asked: number, at: number): void {
    this.addresses = [];
    this.ttl = 0xffff_ffff;
    this.echOffered = false;
    this.fault = undefined;
    this.#hashes.length = 0;
    this.#places.length = 0;
    this.#extend(octets, asked);
    // A chain whose records come in another order is followed as far as it grows.
    let grown = true;
    for (let pass = 0; grown && pass < PASSES; pass++) grown = this.#follow(octets, at);
    this.#collect(octets, at);
    if (this.addresses.length === 0) this.ttl = 0;
  }

  /** One pass over the aliases; whether the chain grew by one that stood before what it leads from. */
  #follow(octets: Uint8Array, from: number): boolean {
    const record = this.#record;
    let grown = false;
    let at = from;
    for (let n = this.#count(octets); n > 0 && record.read(octets, at); n--) {
      at = record.next;
      if (!this.#isAlias(octets) || !this.#isInChain(octets, record.name)) continue;
      const target = record.type === CNAME ? record.data : record.data + 2;
      if (this.#hashes.length <= CHAIN_LIMIT && this.#extend(octets, target)) grown = true;
      this.ttl = Math.min(this.ttl, record.ttl);
    }
    return grown;
  }

  #collect(octets: Uint8Array, from: number): void {
    const record = this.#record;
    let at = from;
    for (let n = this.#count(octets); n > 0; n--) {
      if (!record.read(octets, at)) {
        this.fault = DnsAnomaly.Malformed;
        return;
      }
      at = record.next;
      const { type, data, next } = record;
      const isAddress = (type === A && next - data === 4) || (type === AAAA && next - data === 16);
      const isBinding = (type === HTTPS || type === SVCB) && next - data > 3;
      if ((!isAddress && !isBinding) || !this.#isInChain(octets, record.name)) continue;
      this.ttl = Math.min(this.ttl, record.ttl);
      if (isAddress) this.#add(octets, data, next - data);
      else this.#binding(octets, data, next);
    }
  }

  #count(octets: Uint8Array): number {
    const count = u16be(octets, 6);
    if (count <= RECORDS_LIMIT) return count;
    this.fault = DnsAnomaly.TooManyRecords;
    return RECORDS_LIMIT;
  }

  #isAlias(octets: Uint8Array): boolean {
    const { type, data, next } = this.#record;
    if (type === CNAME) return true;
    return (type === HTTPS || type === SVCB) && next - data > 3 && u16be(octets, data) === 0;
  }

  #binding(octets: Uint8Array, data: number, end: number): void {
    let at = endOfName(octets, data + 2);
    if (at === -1 || u16be(octets, data) === 0) return;
    for (let n = 0; n < PARAMETERS_LIMIT && at + 4 <= end; n++) {
      const key = u16be(octets, at);
      const value = at + 4;
      const next = value + u16be(octets, at + 2);
      if (next > end) return;
      if (key === ECH && next > value) this.echOffered = true;
      const size = key === IPV4_HINT ? 4 : key === IPV6_HINT ? 16 : 0;
      for (let a = value; size > 0 && a + size <= next; a += size) this.#add(octets, a, size);
      at = next;
    }
  }

  #add(octets: Uint8Array, at: number, size: number): void {
    if (this.addresses.length >= ADDRESSES_LIMIT) return;
    const text = size === 4 ? ipv4Text(octets, at) : ipv6Text(octets, at);
    if (text !== undefined) this.addresses.push(text);
  }

  #isInChain(octets: Uint8Array, at: number): boolean {
    return this.#name.read(octets, at) && this.#hashes.includes(this.#name.hash(octets));
  }

  #extend(octets: Uint8Array, at: number): boolean {
    if (!this.#name.read(octets, at) || this.#name.count === 0) return false;
    const hash = this.#name.hash(octets);
    if (this.#hashes.includes(hash)) return false;
    this.#hashes.push(hash);
    this.#places.push(at);
    return true;
  }
}
