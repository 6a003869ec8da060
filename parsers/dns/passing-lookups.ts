/**
 * Lookups of names of nobody's, which nearly all are, without a session for each: what was asked is remembered for all
 * flows of an engine together, so that an answer still counts once and only for what was asked in its flow. What is a
 * service's, or was not asked, is a parser's (lookups.ts).
 *
 * A question that many others of its set displaced before its answer came has an answer that nobody asked for.
 */
import { u16be } from '../../src/bytes/read.ts';
import type { PassingEar, PassingReader } from '../contract.ts';
import { DnsName, HEADER } from '../framing/dns-message.ts';
import { DnsAnomaly } from './anomalies.ts';
import { DnsAnswer } from './answer.ts';
import { ANSWER, questionEnd } from './form.ts';

/** Questions remembered: SETS of WAYS, three words each. Answers come within milliseconds. */
const SETS = 8192;
const WAYS = 4;
const WORDS = 3;
const ANSWERED = 0x1_0000; // beside the id
const NOBODY = -1;

const asked = new DnsName();
const answer = new DnsAnswer();

export class PassingLookups implements PassingReader {
  /** Slot, id and whether it was answered, hash of the name. */
  readonly #questions = new Int32Array(SETS * WAYS * WORDS).fill(NOBODY);
  #oldest = 0;

  pass(slot: number, octets: Uint8Array, ear: PassingEar): boolean {
    if (!asked.read(octets, HEADER)) return true;
    const id = u16be(octets, 0);
    const hash = asked.hash(octets) | 0;
    const at = this.#find(slot, id, hash);
    if ((u16be(octets, 2) & ANSWER) !== 0) return this.#answered(at, id, octets, ear);
    const name = asked.text(octets);
    if (name === undefined || !name.includes('.')) return true;
    if (ear.knows(name)) return false;
    this.#remember(at, slot, id, hash);
    return true;
  }

  #answered(at: number, id: number, octets: Uint8Array, ear: PassingEar): boolean {
    if (at === NOBODY) return false;
    const isFirst = this.#questions[at + 1] === id;
    this.#questions[at + 1] = id | ANSWERED;
    if (isFirst && u16be(octets, 6) > 0) resolve(octets, ear);
    return true;
  }

  #remember(known: number, slot: number, id: number, hash: number): void {
    let at = known;
    if (at === NOBODY) {
      this.#oldest = (this.#oldest + 1) % WAYS;
      at = setOf(slot, id, hash) + this.#oldest * WORDS;
    }
    this.#questions[at] = slot;
    this.#questions[at + 1] = id;
    this.#questions[at + 2] = hash;
  }

  #find(slot: number, id: number, hash: number): number {
    const questions = this.#questions;
    const from = setOf(slot, id, hash);
    for (let at = from; at < from + WAYS * WORDS; at += WORDS) {
      if (questions[at] !== slot || questions[at + 2] !== hash) continue;
      if (((questions[at + 1] ?? 0) & 0xffff) === id) return at;
    }
    return NOBODY;
  }
}

function setOf(slot: number, id: number, hash: number): number {
  const mixed = Math.imul(slot ^ Math.imul(id, 0x9e3779b1) ^ hash, 0x85ebca6b) >>> 0;
  return (mixed % SETS) * WAYS * WORDS;
}

function resolve(octets: Uint8Array, ear: PassingEar): void {
  answer.read(octets, HEADER, questionEnd(octets));
  if (answer.fault !== undefined) ear.count(answer.fault);
  if (answer.echOffered) ear.count(DnsAnomaly.EchOffered);
  const { addresses, ttl } = answer;
  answer.addresses = [];
  if (addresses.length === 0) return;
  ear.nobodys(addresses);
  // Another word for a name of a service, it may be.
  for (const alias of answer.aliases(octets)) ear.resolved(alias, addresses, ttl);
}
